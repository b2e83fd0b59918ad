namespace Proxy.Host.Tools;

/// <summary>What a tool could not do, in words for the person at the terminal. Never a token or a password.</summary>
internal sealed class ToolException : Exception
{
    public ToolException(string message)
        : base(message)
    {
    }

    public ToolException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
