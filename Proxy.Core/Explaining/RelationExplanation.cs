namespace Proxy.Core.Explaining;

/// <summary>A relation that the statement names.</summary>
/// <param name="Name">As written.</param>
/// <param name="IsWritten">Whether as a target.</param>
/// <param name="IsKnown">Whether the catalogue has one of that name, in the schemas that can be meant.</param>
/// <param name="CarriesPhi">Whether any that can be meant holds PHI.</param>
public sealed record RelationExplanation(string Name, bool IsWritten, bool IsKnown, bool CarriesPhi);
