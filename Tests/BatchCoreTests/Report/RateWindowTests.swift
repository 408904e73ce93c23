import BatchCore
import Testing

@Suite("How fast something goes of late")
struct RateWindowTests {
    /// A window that is told of `rate` a second, ten times a second.
    private func window(_ seconds: [(count: Int, rate: Int)]) -> RateWindow {
        var window = RateWindow(at: .start)
        var (done, time) = (0, 0)
        for (count, rate) in seconds {
            for _ in 0..<(count * 10) {
                time += 100
                done += rate / 10
                window.note(done, at: at(time))
            }
        }
        return window
    }

    @Test("The rate is the mean over the last 15 s, whatever was before")
    func mean() {
        #expect(window([(5, 20)]).perSecond == 20)
        #expect(window([(60, 1000), (15, 20)]).perSecond == 20)
        let half = window([(60, 1000), (5, 0)]).perSecond
        #expect(half > 600 && half < 700)
    }

    @Test("In the first moments there is none")
    func first() {
        var window = RateWindow(at: .start)
        #expect(window.perSecond == 0)
        window.note(5000, at: at(100))
        #expect(window.perSecond == 0)
        #expect(window.time(for: 10) == nil)
        window.note(5000, at: at(1000))
        #expect(window.perSecond == 5000)
    }

    @Test("Time left needs a rate and a number")
    func timeLeft() {
        let window = window([(5, 20)])
        #expect(window.time(for: 100) == .seconds(5))
        #expect(window.time(for: 0) == .zero)
        #expect(window.time(for: nil) == nil)
        #expect(window.time(for: .max) == nil)
        #expect(self.window([(20, 0)]).time(for: 1) == nil)
    }
}

@Suite("When a loop tells how far it is")
struct ProgressPulseTests {
    @Test("Once an interval, the first time at once")
    func interval() {
        var pulse = ProgressPulse(every: .seconds(1), from: .start)
        #expect(pulse.isDue(at: .start, waitingFor: nil))
        pulse.beat(at: .start, waitingFor: nil, done: 0)
        #expect(!pulse.isDue(at: at(999), waitingFor: nil))
        #expect(pulse.due == at(1000))
        #expect(pulse.isDue(at: at(1000), waitingFor: nil))
    }

    @Test("At once when a wait begins, becomes another or ends, but not in a flood")
    func changes() {
        var pulse = ProgressPulse(every: .seconds(30), from: .start)
        let limit = RunProgress.Wait.limit(.seconds(3))
        pulse.beat(at: at(1000), waitingFor: nil, done: 0)
        #expect(!pulse.isDue(at: at(1050), waitingFor: limit))
        #expect(pulse.isDue(at: at(1100), waitingFor: limit))
        pulse.beat(at: at(1100), waitingFor: limit, done: 0)
        #expect(!pulse.isDue(at: at(3000), waitingFor: .limit(.seconds(1))))
        #expect(pulse.isDue(at: at(3000), waitingFor: .answers))
        #expect(pulse.isDue(at: at(3000), waitingFor: nil))
    }
}
