using Proxy.Host.ServerCredentials;
using Proxy.Host.Transport;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;

namespace Proxy.Host.DataPlane;

/// <summary>A database as sessions see it that arrive there as one of its users.</summary>
internal sealed class TargetUser(TargetDatabase database, string user, IServerCredentials credentials) : ITarget
{
    public string Name => database.Name;

    public string Database => database.Database;

    public string User => user;

    public bool RequiresTls => database.RequiresTls;

    public bool LabelsSessions => database.LabelsSessions;

    public ScramKeyCache ScramKeys { get; } = new();

    public ValueTask<IConnection> ConnectAsync(CancellationToken cancellationToken) => database.ConnectAsync(cancellationToken);

    public async ValueTask<ServerCredential> GetCredentialAsync(CancellationToken cancellationToken) =>
        await OffSocketThread.Await(credentials.GetAsync(cancellationToken));

    public async ValueTask<ServerCredential?> RenewCredentialAsync(ServerCredential rejected, CancellationToken cancellationToken) =>
        await OffSocketThread.Await(credentials.RenewAsync(rejected, cancellationToken));

    public override string ToString() => $"{database} as {user}";
}
