using BenchmarkDotNet.Running;

namespace Proxy.Bench.Micro;

/// <summary>
/// `bench micro`: BenchmarkDotNet over the classes of this folder, all of them unless options say otherwise. In this process, because the
/// project that BenchmarkDotNet would write for another one falls under our build rules and fails them.
/// </summary>
internal static class MicroBenchmarks
{
    public static void Run(string[] options)
    {
        string[] chosen = options.Length == 0 ? ["--filter", "*"] : options;
        BenchmarkSwitcher.FromAssembly(typeof(MicroBenchmarks).Assembly)
            .Run([.. chosen, "--inProcess", "--artifacts", Path.Combine(Repository.Root, "artifacts", "micro")]);
    }
}
