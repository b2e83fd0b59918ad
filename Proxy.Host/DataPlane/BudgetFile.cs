using System.Text.Json;
using Microsoft.Extensions.Logging;
using Proxy.Core.Policy.Budgets;

namespace Proxy.Host.DataPlane;

/// <summary>
/// Keeps what identities have used up over a restart: amounts by the minute under digests of identities, beside the journal. Which rows and values
/// they were is not kept, so those count anew after a restart. Written every few seconds while something changes: a process that is killed forgets
/// the last of them.
/// </summary>
internal sealed class BudgetFile : IDisposable
{
    public const string Name = "budgets.json";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly string _path;
    private readonly ILogger _logger;
    private readonly BudgetCodes _codes = new();
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private byte[] _written = [];

    private BudgetFile(string path, IReadOnlyDictionary<string, BudgetState> saved, TimeProvider time, ILogger logger)
    {
        _path = path;
        _logger = logger;
        Book = new BudgetBook(_codes, time);
        Book.Restore(saved);
        _timer = time.CreateTimer(static file => ((BudgetFile)file!).Write(), this, Interval, Interval);
    }

    public BudgetBook Book { get; }

    /// <exception cref="IOException">The file cannot be read or understood: without it a restart would be a way to a new budget.</exception>
    public static BudgetFile Open(string path, TimeProvider time, ILogger logger)
    {
        try
        {
            var saved = File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, BudgetState>>(File.ReadAllBytes(path)) : null;
            return new BudgetFile(path, saved ?? [], time, logger);
        }
        catch (JsonException reason)
        {
            throw new IOException($"{path} is damaged; remove it to begin every budget anew", reason);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Write();
        _codes.Dispose();
    }

    private void Write()
    {
        using var scope = _gate.EnterScope();
        try
        {
            var saved = JsonSerializer.SerializeToUtf8Bytes(Book.Save());
            if (saved.AsSpan().SequenceEqual(_written)) return;
            var next = _path + ".new";
            File.WriteAllBytes(next, saved);
            File.Move(next, _path, overwrite: true);
            _written = saved;
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            Log.BudgetsNotSaved(_logger, reason.GetType().Name);
        }
    }
}
