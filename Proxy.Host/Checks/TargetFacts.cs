using System.Collections.Immutable;
using Proxy.Core.Catalogue.Facts;
using Proxy.Host.Catalogue;

namespace Proxy.Host.Checks;

/// <summary>What a database of a target says of itself and of the users that PhiGate connects as.</summary>
/// <param name="Rights">Of the users that PhiGate connects as, those of the check's own connection first.</param>
/// <param name="Catalogue">Of the database.</param>
public sealed record TargetFacts(ImmutableArray<ServerRights> Rights, CatalogueFacts Catalogue);
