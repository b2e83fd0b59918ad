namespace Proxy.Protocols.MySql;

/// <summary>Which part of its answer a request waits for.</summary>
internal enum ReplyPhase : byte
{
    /// <summary>OK, ERR, or the head of a result.</summary>
    Header = 0,

    /// <summary>Of COM_STMT_PREPARE: the parameters' definitions.</summary>
    Parameters,

    /// <summary>The EOF behind them, where the older form was agreed on.</summary>
    ParametersEnd,
    Columns,
    ColumnsEnd,
    Rows,
}
