namespace Proxy.Host.DataPlane;

/// <summary>The names of the calls. Both ends are the same program, so there are no versions.</summary>
internal static class ControlCall
{
    /// <summary>A body longer than this is nobody's request: a token has at most 32 KiB.</summary>
    public const int BodyBytesMax = 128 * 1024;

    public const string IssueCredential = "issue-credential";
    public const string ReturnCredential = "return-credential";
    public const string Identify = "identify";
    public const string Revoke = "revoke";
    public const string ListRevocations = "list-revocations";
    public const string ListSessions = "list-sessions";
}
