import Hummingbird

/// All routes and what a request passes on its way to them.
///
/// From the outside in: request id, count, envelope for errors; on the customer routes then
/// latency and faults, credentials, limits. The innermost ``ErrorMiddleware`` turns the refusals
/// of a route into answers, so that the rate limit's headers are added to them too.
enum SandboxRouter {
    /// The path of the code and the one of the API pages; every profile serves both.
    static let prefixes: [RouterPath] = ["api/v1", "v1"]

    static func build(
        _ configuration: SandboxConfiguration,
        store: CustomerStore
    ) -> Router<SandboxContext> {
        let clock = configuration.clock
        let answers = AnswerBuilder(profile: configuration.profile, clock: clock)
        let tally = RequestTally()
        let router = Router(context: SandboxContext.self)
        router.add(middleware: RequestIDMiddleware(clock: clock, seed: configuration.seed))
        router.add(middleware: tally)
        router.add(middleware: ErrorMiddleware(answers: answers))
        OracleRoutes(store: store, tally: tally).add(to: router)

        let faults = FaultMiddleware(configuration: configuration, answers: answers)
        let authenticator = Authenticator(keys: SandboxKey.all)
        let limiter = RateLimiter(
            readRate: configuration.readRate,
            writeRate: configuration.writeRate
        )
        for prefix in prefixes {
            let version = router.group(prefix)
            version.get("health") { _, context in
                answers.success(data: "{\"status\":\"ok\"}", context)
            }
            let customers = version.group("customers")
                .add(middleware: faults)
                .add(middleware: ErrorMiddleware(answers: answers))
                .add(
                    middleware: AuthenticationMiddleware(
                        authenticator: authenticator,
                        clock: clock
                    )
                )
                .add(middleware: RateLimitMiddleware(limiter: limiter, clock: clock))
                .add(middleware: ErrorMiddleware(answers: answers))
            CustomerRoutes(store: store, profile: configuration.profile, answers: answers)
                .add(to: customers)
        }
        return router
    }
}
