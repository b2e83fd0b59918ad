using System.Data.Common;
using Proxy.Bench;
using Proxy.Bench.Catalogue;
using Proxy.Bench.Decisions;
using Proxy.Bench.Demo;
using Proxy.Bench.Evidence;
using Proxy.Bench.Leaks;
using Proxy.Bench.Load;
using Proxy.Bench.Memory;
using Proxy.Bench.Micro;
using Proxy.Bench.Revocation;

using var interruption = new Interruption();
try
{
    switch (args)
    {
        case ["demo"]:
            return await DemoRun.RunAsync(interruption.Token);
        case ["all"]:
            // Each part on servers of its own.
            await LoadBenchmark.RunAsync(interruption.Token);
            await IdleSessions.RunAsync(interruption.Token);
            await LongResult.RunAsync(interruption.Token);
            await CatalogueBenchmark.RunAsync(interruption.Token);
            await DecisionBenchmark.RunAsync(interruption.Token);
            await RevocationFigures.RunAsync(interruption.Token);
            return 0;
        case ["catalogue"]:
            await CatalogueBenchmark.RunAsync(interruption.Token);
            return 0;
        case ["evidence"]:
            await EvidenceFigures.RunAsync(Console.Out, interruption.Token);
            return 0;
        case ["decisions"]:
            await DecisionBenchmark.RunAsync(interruption.Token);
            return 0;
        case ["revocation"]:
            await RevocationFigures.RunAsync(interruption.Token);
            return 0;
        case ["load"]:
            await LoadBenchmark.RunAsync(interruption.Token);
            return 0;
        case ["memory"]:
            await IdleSessions.RunAsync(interruption.Token);
            return 0;
        case ["stream"]:
            await LongResult.RunAsync(interruption.Token);
            return 0;
        case ["micro", ..]:
            MicroBenchmarks.Run(args[1..]);
            return 0;
        case ["leaks", ..]:
            return await LeaksRun.RunAsync(LeaksOptions.Parse(args[1..]), interruption.Token);
        default:
            Console.Error.WriteLine("usage: bench demo | all | load | memory | stream | catalogue | decisions | revocation | evidence | micro [BenchmarkDotNet options] | leaks CORPUS ENGINE POLICY[,POLICY] [ONLY]");
            return 2;
    }
}
catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
{
    Console.Error.WriteLine("Interrupted; everything was stopped.");
    return 130;
}
catch (Exception exception) when (exception is InvalidOperationException or DbException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
