using NUnit.Framework;
using Proxy.Tests.Support;

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
