using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage.MySql;

/// <summary>
/// Operators of MySQL that raise no error for any value. Comparison converts and warns, also in statements that store rows, where it may fail: whether
/// it does depends on the types alone, which a lookup has right. Arithmetic overflows (error 1690), regular expressions are compiled from a value.
/// </summary>
internal static class MySqlOperators
{
    public static bool IsTotal(OperatorCall call, bool warningsFail) => call.Form switch
    {
        OperatorForm.In or OperatorForm.DistinctFrom or OperatorForm.NullIf or OperatorForm.Between => true,
        OperatorForm.Like => true,
        OperatorForm.Plain => call.Operator.Name switch
        {
            "=" or "<>" or "!=" or "<=>" or "<" or ">" or "<=" or ">=" or "like" or "xor" => true,
            "&" or "|" or "^" or "~" => !warningsFail,
            _ => false,
        },
        _ => false,
    };
}
