using Proxy.Bench;
using Proxy.Bench.Demo;
using Proxy.Bench.Load;

using var interruption = new Interruption();
try
{
    switch (args)
    {
        case ["demo"]:
            return await DemoRun.RunAsync(interruption.Token);
        case ["load"]:
            return await LoadBenchmark.RunAsync(interruption.Token);
        default:
            Console.Error.WriteLine("usage: bench demo | load");
            return 2;
    }
}
catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
{
    Console.Error.WriteLine("Interrupted; everything was stopped.");
    return 130;
}
catch (InvalidOperationException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
