using Proxy.Core.Catalogue.Facts;
using Proxy.Host.Catalogue;

namespace Proxy.Host.Checks;

/// <summary>What a database of a target says of itself and of the user that PhiGate connects as.</summary>
public sealed record TargetFacts(ServerRights Rights, CatalogueFacts Catalogue);
