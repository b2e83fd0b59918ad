using System.Net;

namespace Proxy.Protocols;

/// <summary>What a client asks for before it has proven anything.</summary>
/// <param name="User">The user name it gave; self-declared.</param>
/// <param name="Database">The database it named: <c>target</c> or <c>target/database</c>.</param>
/// <param name="ServerName">The name it used in TLS (SNI), or null.</param>
/// <param name="RemoteEndPoint">Where it comes from.</param>
public sealed record SignInRequest(string User, string Database, string? ServerName, EndPoint? RemoteEndPoint);
