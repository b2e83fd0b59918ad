using Proxy.Core.Policy;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>A session that was admitted and recorded.</summary>
/// <param name="Id">Names it in the record.</param>
/// <param name="Thread">The id that the client was greeted with.</param>
/// <param name="Admission">The gatekeeper's.</param>
/// <param name="Principal">Who it is.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="Credential">What to log in with at first.</param>
/// <param name="Client">What the client asked for.</param>
/// <param name="Database">As the client named it.</param>
internal sealed record OpenedSession(
    Guid Id, uint Thread, Admission Admission, Principal Principal, ITarget Target, ServerCredential Credential, HandshakeResponse Client, string Database)
{
    public override string ToString() => $"session {Id}";
}
