namespace Proxy.Tests.Support;

/// <summary>Who servers run as: PostgreSQL refuses to run as root, so then it is another user of the machine.</summary>
public static class ServerUser
{
    private static readonly (string Uid, string Gid)? Other = Environment.IsPrivilegedProcess ? Find("postgres") ?? Find("nobody") : null;

    /// <summary>The command line that runs the given one as that user and kills it when its parent dies.</summary>
    public static string[] CommandLine(params IEnumerable<string> command) =>
        ["setpriv", "--pdeathsig", "KILL", .. Identity, "--", .. command];

    public static async Task OwnAsync(string path)
    {
        if (Other is { } user)
            await Command.MustRunAsync("chown", ["-R", $"{user.Uid}:{user.Gid}", path]);
    }

    private static string[] Identity =>
        Other is { } user ? ["--reuid", user.Uid, "--regid", user.Gid, "--clear-groups"] : [];

    private static (string Uid, string Gid)? Find(string name)
    {
        foreach (var line in File.ReadLines("/etc/passwd"))
        {
            var fields = line.Split(':');
            if (fields[0] == name)
                return (fields[2], fields[3]);
        }
        return null;
    }
}
