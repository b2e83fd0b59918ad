using Proxy.Host.Identity;
using Proxy.Host.Identity.Credentials;
using Proxy.Host.Identity.Revocation;

namespace Proxy.Host.DataPlane;

/// <summary>What is remembered about access beyond the tokens themselves; shared by all listeners and both desks.</summary>
internal sealed record AccessState(RevocationList Revocations, CredentialStore Credentials, SignInThrottle Throttle);
