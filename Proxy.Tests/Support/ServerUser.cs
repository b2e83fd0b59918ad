namespace Proxy.Tests.Support;

/// <summary>Who servers run as: PostgreSQL refuses to run as root, so then it is another user of the machine.</summary>
public static class ServerUser
{
    private static readonly (string Uid, string Gid)? Other = Environment.IsPrivilegedProcess ? Find("postgres") ?? Find("nobody") : null;

    /// <summary>What setpriv is told to become that user; nothing when we already are an ordinary one.</summary>
    public static IReadOnlyList<string> SetprivOptions =>
        Other is { } user ? ["--reuid", user.Uid, "--regid", user.Gid, "--clear-groups"] : [];

    /// <summary>Runs a program as that user, to its end.</summary>
    public static Task<string> MustRunAsync(string file, IEnumerable<string> arguments, string input = "") =>
        Other is null
            ? Command.MustRunAsync(file, arguments, input)
            : Command.MustRunAsync("setpriv", [.. SetprivOptions, "--", file, .. arguments], input);

    public static async Task OwnAsync(string path)
    {
        if (Other is { } user)
            await Command.MustRunAsync("chown", ["-R", $"{user.Uid}:{user.Gid}", path]);
    }

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
