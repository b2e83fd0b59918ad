using Proxy.Core.Sql.Postgres;

namespace Proxy.Tests.Fuzz;

/// <summary>One real parser for the fuzz tests, with a small cache: memory must stay flat however many texts come.</summary>
internal static class FuzzParser
{
    private static readonly Lazy<PostgresFrontEnd> Shared = new(() => new PostgresFrontEnd(new PostgresFrontEndOptions
    {
        CallerStackBytes = PostgresFrontEndOptions.CallerStackBytesMin,
        CacheBytesMax = 1 << 20,
        Deadline = TimeSpan.FromSeconds(3),
        RentTimeout = TimeSpan.FromSeconds(60),
        ModuleCacheDirectory = Core.Sql.Postgres.SharedFrontEnd.ModuleCacheDirectory,
    }));

    public static PostgresFrontEnd Instance => Shared.Value;
}
