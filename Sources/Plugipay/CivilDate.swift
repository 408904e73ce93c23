/// A day of the proleptic Gregorian calendar.
struct CivilDate {
    var year: Int64
    var month: Int64
    var day: Int64

    private static let daysInEra: Int64 = 146_097
    private static let daysFromMarch0000To1970: Int64 = 719_468

    init?(year: Int64, month: Int64, day: Int64) {
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
        // A day that the month does not have would come back as another one.
        let reread = CivilDate(dayNumber: dayNumber)
        guard reread.month == month else { return nil }
    }

    /// Days since 1970-01-01.
    ///
    /// Years begin in March here, so that the leap day is their last day.
    var dayNumber: Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * Self.daysInEra + dayOfEra - Self.daysFromMarch0000To1970
    }

    init(dayNumber: Int64) {
        let shifted = dayNumber + Self.daysFromMarch0000To1970
        let era = (shifted >= 0 ? shifted : shifted - Self.daysInEra + 1) / Self.daysInEra
        let dayOfEra = shifted - era * Self.daysInEra
        let leapCorrected = dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096
        let yearOfEra = leapCorrected / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}
