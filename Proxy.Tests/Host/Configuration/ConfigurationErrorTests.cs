using NUnit.Framework;

namespace Proxy.Tests.Host.Configuration;

/// <summary>Each mistake, alone in the sample: one error, at its line and column, in words that say what to do.</summary>
public sealed class ConfigurationErrorTests
{
    private ConfigurationDirectory _directory = null!;

    [SetUp]
    public void Start() => _directory = new ConfigurationDirectory();

    [TearDown]
    public void End() => _directory.Dispose();

    private const string G = "gateway.yaml";
    private const string C = "classification.yaml";
    private const string R = "rules.yaml";

    // The text to replace, what with, the column of the error, how many lines below the replaced text's line it is, and its words.
    [TestCase(G, "admin:", "amdin:", 1, 0, "unknown key 'amdin'; did you mean 'admin'?")]
    [TestCase(G, "  segments-ready: 1", "  zzz: 1", 3, 0, "unknown key 'zzz'")]
    [TestCase(G, "database-user: phigate ", "database-user: 7 ", 20, 0, "'database-user': value is \"integer\" but should be \"string\"")]
    [TestCase(G, "address: db.example.internal:5432", "address: db.example.internal", 14, 0, "'address': must be host:port, or [IPv6 address]:port")]
    [TestCase(G, "address: db.example.internal:5432", "address: db.example.internal:65536", 14, 0, "the port must be at most 65535")]
    [TestCase(G, "address: db.example.internal:5432", "address: db.example.internal:0", 14, 0, "the port of a target cannot be 0")]
    [TestCase(G, "address: 127.0.0.1:6432 ", "address: gateway.example:6432 ", 14, 0, "a listener needs an IP address, or localhost")]
    [TestCase(G, "version: 1\n", "version: 2\n", 10, 0, "'version': must be 1, the version of this file format")]
    [TestCase(G, "mode: verify-full ", "mode: verify ", 13, 0, "'mode': must be one of verify-full, verify-ca, require, disable")]
    [TestCase(G, "mode: verify-full ", "mode: verify-ca ", 13, 0, "this does not verify which server answers: use verify-full, pins, or write i-accept-an-unverified-server: true")]
    [TestCase(G, "minimum-version: \"1.2\"             #", "minimum-version: 1.2 #", 24, 0, "'minimum-version': must be one of \"1.2\", \"1.3\" (in quotes)")]
    [TestCase(G, "    # target: hospital ", "    target: clinic # ", 13, 0, "target 'clinic' is not among the targets")]
    [TestCase(G, "certificate-file: tls/server.crt", "certificate-file: /nowhere/server.crt", 25, 0, "there is no file /nowhere/server.crt")]
    [TestCase(G, "      file: secrets/hospital.password ", "      environment-variable: PHIGATE_TEST_NOT_SET #", 29, 0, "environment variable PHIGATE_TEST_NOT_SET is not set")]
    [TestCase(G, "      # environment-variable: HOSPITAL_PASSWORD", "      environment-variable: HOSPITAL_PASSWORD", 7, -1, "'credential': must have exactly one of file, environment-variable, command, aws-secret, aws-parameter and rds-iam")]
    [TestCase(G, "audiences: [phigate] ", "audiences: [] ", 18, 0, "'audiences': value should have at least 1 items")]
    [TestCase(G, "algorithms: [RS256, ", "algorithms: [HS256, ", 20, 0, "'0': must be one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512")]
    [TestCase(G, "issuer: https://login.example.com/agents ", "issuer: http://login.example.com/agents ", 15, 0, "keys are fetched over https only (http from this machine itself needs i-accept-http-on-loopback: true)")]
    [TestCase(G, "issuer: https://login.example.com/agents ", "issuer: kubernetes/serviceaccount ", 15, 0, "discovery needs an https URL; for an issuer that is no URL give jwks-file or metadata-address")]
    [TestCase(G, "age-seconds-max: 86400 ", "age-seconds-max: 3600 ", 26, 0, "keys would expire before they are refreshed: at least refresh-seconds")]
    [TestCase(G, "record-bytes-max: 10485760 ", "record-bytes-max: 1048576 ", 21, 0, "a record must hold the longest message: at least limits.message-bytes-max + 65536 = 8454144")]
    [TestCase(G, "segment-bytes: 67108864 ", "segment-bytes: 16777216 ", 18, 0, "a segment must hold four of the longest records: at least 4 × record-bytes-max + 65536")]
    [TestCase(G, "  anchor-seconds: 5", "  anchor-seconds: 5\n  retention: { days: 30, content-days: 31 }", 40, 1, "content goes with its records at the latest: at most days")]
    [TestCase(G, "durability: written ", "durability: replicated ", 15, 0, "replicated needs somebody who keeps the second copy: write journal.replica")]
    [TestCase(G, "  anchor-seconds: 5", "  anchor-seconds: 5\n  replica: { address: replica:7432, certificate-file: tls/server.crt, key-file: tls/server.key }", 12, 1, "a replica is for durability: replicated, and has no effect without")]
    [TestCase(G, "sessions-max: 5000", "sessions-max: 5000\n  sessions-max: 6000", 3, 1, "duplicate key 'sessions-max', first at line {0}")]
    [TestCase(G, "sessions-max: 5000", "sessions-max: null", 17, 0, "'sessions-max': value is \"null\" but should be \"integer\"")]
    [TestCase(G, "sessions-max: 5000", "sessions-max: 0x10", 17, 0, "'sessions-max': value is \"string\" but should be \"integer\"")]
    [TestCase(G, "sessions-max: 5000", "sessions-max: !!int 5000", 17, 0, "tags are not allowed")]
    [TestCase(G, "sessions-max: 5000", "sessions-max: &n 5000", 17, 0, "anchors are not allowed")]
    [TestCase(C, "  hospital:", "  clinic:", 3, 0, "target 'clinic' is not in gateway.yaml")]
    [TestCase(C, "public.wards:", "wards:", 7, 0, "'wards' is not a table name: schema.table is expected")]
    [TestCase(C, "public.wards:", "public.ward*:", 7, 0, "'public.ward*' holds a wildcard: write it under patterns, or in double quotes if it is part of the name")]
    [TestCase(C, "public.wards:", "'\"public\".patients':", 7, 0, "table \"public\".patients is named twice")]
    [TestCase(C, "mrn: medical-record-number", "mrn: medical", 14, 0, "'mrn': must be one of not-phi, name, geographic")]
    [TestCase(C, "mrn: medical-record-number", "ssn: medical-record-number", 9, 0, "duplicate key 'ssn', first at line")]
    [TestCase(C, "columns: \"*.*.email\"", "columns: \"*.email\"", 18, 0, "'*.email' is not a column pattern: schema.table.column is expected")]
    [TestCase(C, "      - type: jsonb\n        class: free-text", "      - type: jsonb\n        class: not-phi", 9, 0, "this would call every column reviewed and not PHI: name a schema, a table or a column")]
    [TestCase(C, "      - type: jsonb\n        class: free-text", "      - class: free-text", 9, 0, "'2': must have a class, with a column pattern, a type pattern or both")]
    [TestCase(C, "functions: []", "functions: [{ name: age, sha256: '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', shows: clean }]", 25, 0, "'age' is not a function name: schema.name is expected, without arguments")]
    [TestCase(C, "functions: []", "functions: [{ name: public.age, sha256: '12', shows: clean }]", 45, 0, "'sha256': must be 64 lower-case hexadecimal digits")]
    [TestCase(C, "functions: []", "functions: [{ name: public.age, sha256: '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', shows: all }]", 120, 0, "'shows': must be one of clean, arguments, masked")]
    [TestCase(R, "phi-rows: 5000", "zzz: 5000", 7, 0, "unknown key 'zzz'")]
    [TestCase(R, "name: agents-read", "name: nobody-changes-rights", 11, 0, "a second rule named 'nobody-changes-rights': records name rules, so names are unique")]
    [TestCase(R, "      databases: [hospital]", "      databases: [clinic]", 19, 0, "database 'clinic' is in no target of this rule in gateway.yaml")]
    [TestCase(R, "profile: pseudonymous\n", "profile: unmasked\n", 14, 0, "verdict mask contradicts profile unmasked; to show PHI as it is, write verdict: allow")]
    [TestCase(R, "verdict: refuse", "verdict: refuse\n    profile: redacted", 14, 1, "a rule that holds or refuses shows nothing: leave profile out")]
    [TestCase(R, "      within: [read, phi-read, phi-equality, phi-ordering, phi-grouping, write, session]", "      any-of: [read]", 7, 0, "a rule that lets statements through must say within, not only any-of")]
    [TestCase(R, "within: [read, phi-read, phi-equality, phi-ordering, phi-grouping, write, session]", "within: [read, phiread]", 22, 0, "'1': must be one of unknown, read, phi-read")]
    [TestCase(R, "time-zone: UTC\n", "time-zone: Mars/Olympus\n", 18, 0, "time zone 'Mars/Olympus' is not known on this machine")]
    [TestCase(R, "from: \"08:00\"", "from: \"25:00\"", 13, 0, "'from': must be a time of day as \"hh:mm\", in quotes")]
    [TestCase(R, "to: \"18:00\"", "to: \"08:00\"", 11, 0, "the window ends when it begins")]
    [TestCase(R, "read-only: true", "read_only: true", 7, 0, "unknown key 'read_only'; did you mean 'read-only'?")]
    [TestCase(R, "groups: [oncall]", "group: [oncall]", 7, 0, "unknown key 'group'; did you mean 'groups'?")]
    public async Task Each_mistake_is_one_error_at_its_place(string file, string text, string with, int column, int below, string message)
    {
        var line = _directory.Replace(file, text, with);

        var reading = await _directory.ReadAsync();

        Assert.That(reading.Snapshot, Is.Null);
        Assert.That(reading.Errors, Has.Length.EqualTo(1), string.Join('\n', reading.Errors));
        Assert.That(reading.Errors[0].Message, Does.StartWith(string.Format(System.Globalization.CultureInfo.InvariantCulture, message, line)));
        Assert.That((reading.Errors[0].File, reading.Errors[0].Line, reading.Errors[0].Column), Is.EqualTo((file, line + below, column)));
    }

    [Test]
    public async Task A_rule_that_names_what_gateway_yaml_does_not_know_is_an_error()
    {
        _directory.Write(R, """
            version: 1
            rules:
              - name: one
                who: { issuers: [elsewhere] }
                where: { targets: [clinic] }
                verdict: allow
            """);

        var reading = await _directory.ReadAsync();

        Assert.That(reading.Errors.Select(error => error.ToString()), Is.EqualTo(new[]
        {
            "rules.yaml:4:22: issuer 'elsewhere' is not in gateway.yaml",
            "rules.yaml:5:24: target 'clinic' is not in gateway.yaml",
        }));
    }

    [Test]
    public async Task Pseudonymous_without_a_key_is_an_error()
    {
        _directory.Replace(G, "masking:\n  key:\n    file: secrets/masking.key\n", "masking: {}\n");

        var reading = await _directory.ReadAsync();

        Assert.That(reading.Errors.Single().Message, Is.EqualTo("pseudonymous needs masking.key in gateway.yaml"));
    }

    [TestCase("", "the file is empty")]
    [TestCase("# nothing\n", "the file is empty")]
    [TestCase("version: 1\nrules: [\n", "not valid YAML")]
    [TestCase("version: 1\nrules: []\n---\nversion: 1\n", "a second document in the file")]
    [TestCase("a: &x [1]\nb: *x\n", "anchors are not allowed")]
    [TestCase("[]\n", "the file: value is \"array\" but should be \"object\"")]
    [TestCase("? [a]\n: 1\n", "not valid YAML: a key must be a plain text")]
    public async Task A_file_that_is_not_a_plain_map_is_an_error(string text, string message)
    {
        _directory.Write(R, text);

        var reading = await _directory.ReadAsync();

        Assert.That(reading.Errors.Select(error => error.Message), Has.Some.StartsWith(message));
        Assert.That(reading.Errors.Select(error => error.File), Has.All.EqualTo(R));
    }

    [Test]
    public async Task Nesting_without_end_is_an_error_and_not_a_crash()
    {
        _directory.Write(R, new string('[', 100_000));

        var reading = await _directory.ReadAsync();

        Assert.That(reading.Errors.Single().Message, Does.Contain("nested deeper than"));
    }

    [Test]
    public async Task Bytes_that_are_not_text_are_an_error()
    {
        File.WriteAllBytes(Path.Combine(_directory.Path, R), [0x76, 0xFF, 0xFE]);

        var reading = await _directory.ReadAsync();

        Assert.That(reading.Errors.Single().Message, Is.EqualTo("the file is not valid UTF-8"));
    }

    [Test]
    public async Task A_missing_file_is_an_error_by_name()
    {
        File.Delete(Path.Combine(_directory.Path, C));

        var reading = await _directory.ReadAsync();

        Assert.That(reading.Errors.Single().ToString(), Does.StartWith("classification.yaml:1:1: there is no file"));
    }
}
