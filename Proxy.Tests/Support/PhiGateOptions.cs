namespace Proxy.Tests.Support;

/// <summary>What a <see cref="PhiGateProcess"/> stands in front of, and what it is told.</summary>
public sealed record PhiGateOptions
{
    /// <summary>Masking off: everything runs and is shown, also what was not understood.</summary>
    public const string ShowGroup = "show";

    public const string RedactGroup = "redact";
    public const string PseudonymGroup = "pseudonym";
    public const string SafeHarborGroup = "safe-harbor";
    public const string LimitedDataSetGroup = "limited-data-set";

    /// <summary>One rule for each of the groups; a token says which one it is for. All let everything run, and differ in what they show.</summary>
    public const string RulesByGroup = $$"""
        version: 1
        rules:
          - name: everything-as-it-is
            who: { groups: [{{ShowGroup}}] }
            risk: { within: {{EveryRisk}} }
            verdict: allow
            profile: unmasked
          - name: redacted
            who: { groups: [{{RedactGroup}}] }
            risk: { within: {{EveryRisk}} }
            verdict: mask
            profile: redacted
          - name: pseudonymous
            who: { groups: [{{PseudonymGroup}}] }
            risk: { within: {{EveryRisk}} }
            verdict: mask
            profile: pseudonymous
          - name: safe-harbor
            who: { groups: [{{SafeHarborGroup}}] }
            risk: { within: {{EveryRisk}} }
            verdict: mask
            profile: safe-harbor
          - name: limited-data-set
            who: { groups: [{{LimitedDataSetGroup}}] }
            risk: { within: {{EveryRisk}} }
            verdict: mask
            profile: limited-data-set
        """;

    private const string EveryRisk =
        "[unknown, read, phi-read, bulk-read, write, bulk-write, masked-write, schema, privilege, export, inference, procedure, session, administrative, "
        + "phi-equality, phi-ordering, phi-grouping]";

    /// <summary>The server, where it is PostgreSQL.</summary>
    public PostgresServer? Server { get; init; }

    /// <summary>The server, where it is MariaDB; then <see cref="MariaDbUser"/> is whom PhiGate signs in as.</summary>
    public MariaDbServer? MariaDb { get; init; }

    public MariaDbUser MariaDbUser { get; init; } = MariaDbUser.Native;

    internal bool IsMySql => MariaDb is not null;

    /// <summary>Where PhiGate finds the server, when somebody stands in between.</summary>
    public int? RelayPort { get; init; }

    internal int ServerPort => RelayPort ?? MariaDb?.Port ?? Server!.Port;

    internal (string Name, string Password) ServerAccount => IsMySql ? (MariaDbUser.Name, MariaDbUser.Password) : (User.Name, User.Password);

    /// <summary>Also the name of the target, so that a client names the same database with and without PhiGate.</summary>
    public required string Database { get; init; }

    /// <summary>Whom PhiGate signs in as at the server.</summary>
    public TestUser User { get; init; } = TestUser.Scram;

    /// <summary>What stands under credential of the target, in place of a file with the user's password.</summary>
    public string? Credential { get; init; }

    /// <summary>What stands under the target beside that, e.g. "label-sessions: true". Sessions are not labelled, so that servers see what clients call themselves.</summary>
    public string Target { get; init; } = "label-sessions: false";

    /// <summary>rules.yaml.</summary>
    public string Rules { get; init; } = RulesByGroup;

    /// <summary>What stands under the target in classification.yaml; nothing is reviewed without it.</summary>
    public string Classification { get; init; } = "patterns: []";

    /// <summary>What stands under limits in gateway.yaml, e.g. "row-bytes-max: 1048576".</summary>
    public string Limits { get; init; } = "";

    /// <summary>What stands under journal beside its directory, e.g. "retention: { days: 30 }".</summary>
    public string Journal { get; init; } = "";

    /// <summary>Given the journal's directory before PhiGate starts for the first time.</summary>
    public Func<string, Task>? PrepareJournal { get; init; }

    /// <summary>Sessions on the target at once; PhiGate's default.</summary>
    public int TargetSessionsMax { get; init; } = 200;

    /// <summary>Whether tokens are traded for one-time credentials over HTTPS.</summary>
    public bool TradesTokens { get; init; }

    /// <summary>What stands under credentials beside the addresses, e.g. "connections-max: 3".</summary>
    public string Credentials { get; init; } = "";

    /// <summary>What stands under the listener beside its address and certificate, e.g. "oauthbearer: { issuer: development }".</summary>
    public string Listener { get; init; } = "";

    /// <summary>Whether listener and HTTPS endpoint ask clients for a certificate.</summary>
    public bool AsksForClientCertificate { get; init; }

    /// <summary>What stands under the development issuer, e.g. "claims: { task: [task] }".</summary>
    public string DevelopmentIssuer { get; init; } = "";

    /// <summary>Further entries under identity.issuers, e.g. "- name: other\n  issuer: …".</summary>
    public string MoreIssuers { get; init; } = "";

    /// <summary>Whether its processes may be dumped (admin.allow-core-dumps).</summary>
    public bool AllowsCoreDumps { get; init; }

    /// <summary>What starts the program, which stands behind it on the command line.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    /// <summary>What setpriv(1) changes for the program, e.g. its capabilities.</summary>
    public IReadOnlyList<string> SetprivOptions { get; init; } = [];

    /// <summary>Further environment variables of the program.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Trusted by discovery over HTTPS, beside the development key that <see cref="PhiGateProcess.Token"/> signs with.</summary>
    public Uri? Issuer { get; init; }
}
