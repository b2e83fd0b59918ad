namespace Proxy.Host.Commands;

/// <summary>What phigate's exit codes mean. Documented in the help text and stable.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>What was asked for could not be done; standard error says why.</summary>
    public const int Failure = 1;

    /// <summary>The configuration has errors, each with file, line and column on standard error.</summary>
    public const int ConfigurationInvalid = 2;

    /// <summary>The journal is damaged.</summary>
    public const int JournalDamaged = 3;

    /// <summary>The command line cannot be understood (EX_USAGE).</summary>
    public const int Usage = 64;
}
