using Proxy.Core.Catalogue.Overlay;

namespace Proxy.Core.Policy;

/// <summary>What names mean in a session: EXECUTE and FETCH run what was defined earlier, and are judged by it.</summary>
public interface INamedStatements
{
    /// <summary>The assessment of the prepared statement of this name, or null when that is not certain.</summary>
    RiskAssessment? Prepared(string name);

    /// <summary>The assessment of the query behind the cursor of this name, or null when that is not certain.</summary>
    RiskAssessment? Cursor(string name);

    /// <summary>The relations that the session itself has made, as far as replies have confirmed it; nothing is judged while some are owed.</summary>
    SessionOverlay Overlay => SessionOverlay.Empty;
}
