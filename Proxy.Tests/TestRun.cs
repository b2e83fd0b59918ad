using NUnit.Framework;
using Proxy.Tests.Support;

// For the few fixtures that say that their tests may run together: these wait more than they compute. All others run alone, one test after the other.
[assembly: LevelOfParallelism(4)]

namespace Proxy.Tests;

/// <summary>Around the whole assembly: what tests share ends with the last of them.</summary>
[SetUpFixture]
public sealed class TestRun
{
    [OneTimeTearDown]
    public async Task End()
    {
        SecretLeaks.RecordProof();
        await SharedServers.StopAsync();
        await RunDirectory.RemoveAsync();
    }
}
