using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Proxy.Core.Sql;
using Proxy.Host.Configuration;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.ServerCredentials;
using Proxy.Host.Transport;

namespace Proxy.Host.DataPlane;

/// <summary>The databases that clients may name. A database name is <c>target</c> or <c>target/database</c>; a listener of one target takes the database alone, too.</summary>
public sealed class TargetDirectory : IAsyncDisposable
{
    private readonly FrozenDictionary<(string Target, string Database), TargetDatabase> _databases;
    private readonly FrozenDictionary<string, TargetOptions> _targets;

    private TargetDirectory(FrozenDictionary<(string Target, string Database), TargetDatabase> databases, FrozenDictionary<string, TargetOptions> targets)
    {
        _databases = databases;
        _targets = targets;
    }

    public IEnumerable<TargetDatabase> All => _databases.Values;

    public static TargetDirectory Create(
        ConfigurationSnapshot configuration, SocketConnectionOptions connection, IReadOnlyDictionary<string, TargetReview> reviews, ISqlFrontEnd frontEnd,
        TimeProvider time, ILogger logger)
    {
        var databases = new Dictionary<(string Target, string Database), TargetDatabase>();
        foreach (var (name, target) in configuration.Targets)
        {
            var credentials = target.DatabaseUsers.Keys.Prepend(target.DatabaseUser)
                .ToDictionary(user => user, user => CredentialSources.For(target, user, time, logger));
            foreach (var database in target.Databases)
                databases[(name, database)] = new TargetDatabase(
                    target, database, connection, reviews[name], credentials, configuration.Classification[name], frontEnd, time, logger);
        }
        return new TargetDirectory(databases.ToFrozenDictionary(), configuration.Targets);
    }

    /// <summary>The database that a client means, or null.</summary>
    /// <param name="name">What it gave as database.</param>
    /// <param name="fixedTarget">The listener's target, when it has but one.</param>
    public TargetDatabase? Find(string name, string? fixedTarget)
    {
        if (fixedTarget is not null && _databases.TryGetValue((fixedTarget, name), out var alone)) return alone;
        var (target, database) = name.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash
            ? (name[..slash], name[(slash + 1)..])
            : (name, _targets.TryGetValue(name, out var options) ? options.Databases[0] : "");
        return (fixedTarget is null || fixedTarget == target) && _databases.TryGetValue((target, database), out var found) ? found : null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases.Values)
            await database.DisposeAsync();
    }
}
