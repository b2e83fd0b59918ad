namespace Proxy.Tests.Live.Clients;

/// <summary>One thing that a client did, and what it saw.</summary>
public sealed record ClientStep(string Name, string Outcome);
