using System.Text.Json;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.ServerCredentials;

/// <summary>Debian's awscli, asked for many tokens in one process: it takes a second to start.</summary>
internal static class AwsCli
{
    private const string Script = """
        import contextlib, io, json, os, sys
        from awscli.clidriver import create_clidriver
        for case in json.load(sys.stdin):
            for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
                os.environ.pop(name, None)
            os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"] = case["AccessKey"], case["SecretKey"]
            if case["SessionToken"]:
                os.environ["AWS_SESSION_TOKEN"] = case["SessionToken"]
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                code = create_clidriver().main(["rds", "generate-db-auth-token", "--hostname", case["Host"], "--port", str(case["Port"]),
                                                "--username", case["User"], "--region", case["Region"]])
            if code:
                sys.exit(code)
            print(printed.getvalue().strip())
        """;

    public static async Task<string[]> TokensAsync(IReadOnlyCollection<TokenCase> cases)
    {
        var result = await Command.RunAsync("/usr/bin/python3", ["-c", Script], JsonSerializer.Serialize(cases), new Dictionary<string, string?>
        {
            ["AWS_CONFIG_FILE"] = "/dev/null",
            ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
        });
        return result.ExitCode == 0
            ? result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException($"awscli ended with {result.ExitCode} (is it installed? make deps):\n{result.Errors}");
    }

    internal sealed record TokenCase(string Host, int Port, string Region, string User, string AccessKey, string SecretKey, string? SessionToken);
}
