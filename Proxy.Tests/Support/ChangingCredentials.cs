using System.Text;
using Proxy.Host.ServerCredentials;
using Proxy.Protocols;

namespace Proxy.Tests.Support;

/// <summary>Credentials that are whatever a test says at the moment they are asked for.</summary>
public sealed class ChangingCredentials(Func<(string User, string Password)> current) : IServerCredentials
{
    public Task<ServerCredential> GetAsync(CancellationToken cancellationToken) => Task.FromResult(Current());

    public Task<ServerCredential?> RenewAsync(ServerCredential rejected, CancellationToken cancellationToken)
    {
        var newer = Current();
        return Task.FromResult(newer.User == rejected.User && newer.Password.AsSpan().SequenceEqual(rejected.Password) ? null : newer);
    }

    private ServerCredential Current()
    {
        var (user, password) = current();
        return new ServerCredential(user, Encoding.UTF8.GetBytes(password));
    }
}
