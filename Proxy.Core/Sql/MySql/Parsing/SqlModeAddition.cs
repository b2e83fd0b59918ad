using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>
/// concat(@@sql_mode, ',A,B') or concat('A,B,', @@sql_mode): what JDBC drivers set when they connect. The members of the literal come to those that the
/// session has, whatever these are, because a comma stands between the two.
/// </summary>
internal static class SqlModeAddition
{
    private const string Written = "@@sql_mode";

    /// <param name="expression">What sql_mode is set to.</param>
    /// <param name="members">The literal.</param>
    public static bool TryRead(Expression expression, out string? members)
    {
        members = expression is Call { Function: { Schema: null, Name: "concat" }, Arguments: [var first, var second] } ? (first, second) switch
        {
            _ when IsMode(first) && second is Literal { Kind: LiteralKind.Text, Value: [',', ..] behind } => behind,
            _ when IsMode(second) && first is Literal { Kind: LiteralKind.Text, Value: [.., ','] before } => before,
            _ => null,
        } : null;
        return members is not null;
    }

    /// <summary>The session's: the tree has no scope, but where nothing else is written there is none.</summary>
    private static bool IsMode(Expression expression) =>
        expression is Call { Function: { Schema: null, Name: "@@" }, Arguments: [Literal { Value: "sql_mode" } name] } && name.End - name.Position == Written.Length;
}
