using System.Text;
using NUnit.Framework;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Postgres;

namespace Proxy.Tests.Core.Sql.Postgres;

/// <summary>One front end for the tests of this namespace that do not change it: starting one compiles the grammar.</summary>
[SetUpFixture]
public sealed class SharedFrontEnd
{
    /// <summary>Of the test run's own: removed with the build.</summary>
    public static string ModuleCacheDirectory { get; } = Path.Combine(AppContext.BaseDirectory, "modules");

    public static PostgresFrontEnd Instance { get; private set; } = null!;

    /// <summary>A deadline that a busy machine does not meet by accident.</summary>
    public static PostgresFrontEndOptions Options { get; } = new()
    {
        ModuleCacheDirectory = ModuleCacheDirectory,
        Deadline = TimeSpan.FromSeconds(3),
        RentTimeout = TimeSpan.FromSeconds(60),
    };

    [OneTimeSetUp]
    public void Start() => Instance = new PostgresFrontEnd(Options);

    [OneTimeTearDown]
    public void End() => Instance.Dispose();

    public static async Task<StatementAnalysis> AnalyseAsync(string text) =>
        await Instance.AnalyseAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None);
}
