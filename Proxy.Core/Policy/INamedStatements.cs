namespace Proxy.Core.Policy;

/// <summary>What names mean in a session: EXECUTE and FETCH run what was defined earlier, and are judged by it.</summary>
public interface INamedStatements
{
    /// <summary>The assessment of the prepared statement of this name, or null when that is not certain.</summary>
    RiskAssessment? Prepared(string name);

    /// <summary>The assessment of the query behind the cursor of this name, or null when that is not certain.</summary>
    RiskAssessment? Cursor(string name);
}
