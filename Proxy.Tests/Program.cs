using Proxy.Tests.Core.Journal;

namespace Proxy.Tests;

/// <summary>What a test starts as a process of its own, because the process is going to be killed. Test runners do not come this way.</summary>
internal static class Program
{
    private const int UsageError = 64;

    private static async Task<int> Main(string[] args)
    {
        if (args is not [EndlessAppender.Command, string directory, string acknowledgements])
            return UsageError;
        await EndlessAppender.RunAsync(directory, acknowledgements);
        return 0;
    }
}
