using Proxy.Core.Policy;

namespace Proxy.Bench.Decisions;

/// <summary>A session that has prepared nothing.</summary>
internal sealed class NoNames : INamedStatements
{
    public static NoNames Instance { get; } = new();

    public RiskAssessment? Prepared(string name) => null;

    public RiskAssessment? Cursor(string name) => null;
}
