using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Proxy.Core.Catalogue;
using Proxy.Host.Catalogue;
using Proxy.Host.Checks;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Configuration.Yaml;
using Proxy.Host.Transport;

namespace Proxy.Host.DataPlane;

/// <summary>
/// Whether a target is one that masking can survive on (design §2.9): checked at the start, and where it did not answer then, again and again until it
/// does. Until it has passed, no session gets there.
/// </summary>
public sealed class TargetReview(
    TargetOptions target, ColumnClassification classification, YamlDocument document, ITargetInspector inspector, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    /// <summary>How long the start waits for a target: one that is down must not keep the gateway from serving the others.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private Task _retrying = Task.CompletedTask;
    private string _beyond = "";
    private volatile string? _problem = "the target has not been checked yet";

    /// <summary>Why no session may go there; null when the target has passed. Fit for clients: it names no object of the database.</summary>
    public string? Problem => _problem;

    /// <summary>Looks at the target. Errors are what <c>phigate check --connect</c> would report; none when it did not answer, which is tried again from then on.</summary>
    public async Task<CheckFindings> StartAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StartPatience);
        try
        {
            var inspection = await InspectAsync(patience.Token);
            if (inspection.WasReached)
            {
                Conclude(inspection.Findings);
                return inspection.Findings;
            }
            Log.TargetNotChecked(logger, target.Name, inspection.Findings.Errors[0].Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.TargetNotChecked(logger, target.Name, $"no answer within {StartPatience.TotalSeconds} seconds");
        }
        _retrying = OffSocketThread.Run(RetryAsync).AsTask();
        return CheckFindings.None;
    }

    /// <summary>Why nothing may run on the target under these rights of its users: they were given after the review. Null when they are as they should be.</summary>
    public string? ObjectionTo(ImmutableArray<ServerRights> rights)
    {
        const string Objection = "a database user of the target was given rights that masking cannot survive";
        var beyond = target.IAcceptAnOverprivilegedDatabaseUser
            ? ""
            : string.Join("; ", rights.Select(static user => (user.User, Beyond: string.Join(", ", user.BeyondMasking())))
                .Where(static user => user.Beyond.Length > 0).Select(static user => $"database user {user.User} has rights that masking cannot survive: {user.Beyond}"));
        if (Interlocked.Exchange(ref _beyond, beyond) != beyond && beyond.Length > 0)
            Log.TargetRejected(logger, target.Name, beyond);
        return beyond.Length > 0 ? Objection : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await OffSocketThread.Await(_retrying);
        _stopping.Dispose();
    }

    private async Task RetryAsync()
    {
        try
        {
            while (_problem is not null)
            {
                await Task.Delay(RetryInterval, time, _stopping.Token);
                var inspection = await InspectAsync(_stopping.Token);
                if (inspection.WasReached)
                    Conclude(inspection.Findings);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The gateway ends.
        }
    }

    private Task<TargetInspection> InspectAsync(CancellationToken cancellationToken) =>
        TargetInspection.RunAsync(target, classification, document, inspector, cancellationToken);

    private void Conclude(CheckFindings findings)
    {
        const string Failed = "the target failed its check; the gateway's log says why";
        if (findings.Errors.Length > 0 && _problem == Failed)
            return; // Said already.
        foreach (var error in findings.Errors)
            Log.TargetRejected(logger, target.Name, error.Message);
        foreach (var warning in findings.Warnings)
            Log.TargetWarning(logger, target.Name, warning.Message);
        _problem = findings.Errors.Length > 0 ? Failed : null;
        if (_problem is null)
            Log.TargetPassed(logger, target.Name);
    }
}
