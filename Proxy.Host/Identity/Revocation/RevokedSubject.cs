namespace Proxy.Host.Identity.Revocation;

/// <summary>What can be revoked.</summary>
public enum RevokedSubject : byte
{
    /// <summary>One token, by its jti.</summary>
    Token,

    /// <summary>Everything that an agent does, whoever is behind it.</summary>
    Agent,

    /// <summary>Everything that is done on a human's behalf.</summary>
    Human,

    /// <summary>A one-time credential, by its user name, and the sessions that it opened.</summary>
    Grant,

    /// <summary>One session, by its id.</summary>
    Session,
}
