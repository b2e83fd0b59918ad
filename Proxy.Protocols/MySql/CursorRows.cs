using Proxy.Core.Masking.MySql;

namespace Proxy.Protocols.MySql;

/// <summary>What COM_STMT_FETCH brings: described when the statement was executed, and masked by the plan made then.</summary>
/// <param name="Plan">Of its columns.</param>
/// <param name="Types">Of its columns: what a binary row cannot be read without.</param>
/// <param name="Record">Of the execution.</param>
internal sealed record CursorRows(MySqlMaskPlan Plan, MySqlFieldType[] Types, long Record);
