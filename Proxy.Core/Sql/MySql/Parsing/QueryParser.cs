using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>Queries: WITH, SELECT, VALUES, TABLE, set operations and parentheses (query_expression in MariaDB's sql_yacc.yy).</summary>
internal static class QueryParser
{
    /// <summary>Whether a query begins here, without parentheses. Where VALUES(column) is a function, VALUES begins none.</summary>
    public static bool AtQuery(in ParseContext context, int offset = 0)
    {
        Token token = context.Peek(offset);
        return token.Kind is TokenKind.Word && token.Word switch
        {
            Word.Select or Word.With => true,
            Word.Values => !context.IsInUpdate,
            Word.Table => context.IsMySql,
            _ => false,
        };
    }

    /// <summary>Whether parentheses begin here with a query inside.</summary>
    public static bool AtParenthesised(in ParseContext context, int offset = 0)
    {
        if (context.Peek(offset).Kind is not TokenKind.LeftParen) return false;
        // Of more levels than there may be nobody need know what is inside: each of them would look through all the others.
        int last = offset + ParseContext.DepthMax;
        while (offset <= last && context.Peek(offset).Kind is TokenKind.LeftParen) offset++;
        return AtQuery(context, offset);
    }

    /// <summary>Behind a query in parentheses: whether more of a query follows, or the parenthesis around it.</summary>
    public static bool ContinuesOrCloses(in ParseContext context) =>
        context.At(TokenKind.RightParen) || AtSetOperator(context) || context.At(Word.Order) || context.At(Word.Limit) || context.At(Word.Offset)
        || context.At(Word.Fetch) || context.At(Word.For) || context.At(Word.Lock) || context.At(Word.Into);

    public static Query Parse(ref ParseContext context)
    {
        if (!context.TryEnter()) return Nothing;
        var tail = new QueryTail { MayHaveInto = context.MayHaveInto };
        context.MayHaveInto = false;
        tail.With = WithParser.Optional(ref context);
        Query query = Whole(ref context, context.Start, first: null, ref tail);
        context.Leave();
        return query;
    }

    /// <summary>(query), with as many parentheses as there are.</summary>
    public static Query Parenthesised(ref ParseContext context)
    {
        context.Expect(TokenKind.LeftParen);
        if (!AtQuery(context) && !AtParenthesised(context)) context.Fail();
        Query query = Parse(ref context);
        context.Expect(TokenKind.RightParen);
        return query;
    }

    /// <summary>What follows a query that stood in parentheses.</summary>
    public static Query Continue(ref ParseContext context, Query first)
    {
        var tail = default(QueryTail) with { OrderBy = [] };
        return Whole(ref context, first.Position, first, ref tail);
    }

    /// <summary>What stands in the tree after a fault, which nobody sees.</summary>
    private static Query Nothing { get; } = new OpaqueQuery { Because = "a fault" };

    private static Query Whole(ref ParseContext context, int start, Query? first, ref QueryTail tail)
    {
        // A SELECT without set operations takes the tail itself.
        bool isSelect = first is null && context.At(Word.Select);
        Query query = Intersected(ref context, start, first ?? Operand(ref context, ref tail, isWhole: true), out bool isOperation);
        if (tail.IsTaken && (isOperation || AtSetOperator(context))) context.Fail();
        while (TryAcceptOperator(ref context, isIntersect: false, out SetOperator kind, out bool isAll))
        {
            if (isOperation) context.Chain();
            int place = context.Start;
            var none = new QueryTail();
            Query right = Intersected(ref context, place, Operand(ref context, ref none, isWhole: false), out _);
            query = Operation(context, start, kind, isAll, query, right, none);
            isOperation = true;
        }

        if (isSelect && !isOperation) return query;
        TailParser.Parse(ref context, ref tail);
        if (tail.IsEmpty) return query;
        return isOperation && query is SetOperationQuery operation
            ? Operation(context, start, operation.Operator, operation.IsAll, operation.Left, operation.Right, tail)
            : Wrapped(context, start, query, tail);
    }

    private static Query Intersected(ref ParseContext context, int start, Query query, out bool isOperation)
    {
        isOperation = false;
        while (TryAcceptOperator(ref context, isIntersect: true, out SetOperator kind, out bool isAll))
        {
            if (isOperation) context.Chain();
            var none = new QueryTail();
            Query right = Operand(ref context, ref none, isWhole: false);
            query = Operation(context, start, kind, isAll, query, right, none);
            isOperation = true;
        }

        return query;
    }

    private static SetOperationQuery Operation(
        in ParseContext context, int start, SetOperator kind, bool isAll, Query left, Query right, in QueryTail tail) => new()
        {
            Operator = kind,
            IsAll = isAll,
            Left = left,
            Right = right,
            With = tail.With,
            OrderBy = tail.OrderBy,
            Limit = tail.Limit,
            Offset = tail.Offset,
            HasTies = tail.HasTies,
            Locks = tail.Locks,
            Into = tail.Into,
            Position = start,
            End = context.PreviousEnd,
        };

    private static Query Operand(ref ParseContext context, ref QueryTail tail, bool isWhole)
    {
        if (context.At(Word.Select)) return SelectParser.Parse(ref context, ref tail, isWhole);
        if (context.At(TokenKind.LeftParen)) return Parenthesised(ref context);
        if (context.At(Word.Values)) return ValuesParser.Query(ref context);
        if (context.At(Word.Table)) return Table(ref context);
        context.Fail();
        return Nothing;
    }

    private static SelectQuery Table(ref ParseContext context)
    {
        int start = context.Start;
        context.Unproven("TABLE");
        context.Next();
        int table = context.Start;
        var source = new TableSource { Name = context.QualifiedName(), Position = table, End = context.PreviousEnd };
        return new SelectQuery
        {
            Targets = [Star(start)],
            From = [source],
            Position = start,
            End = context.PreviousEnd,
        };
    }

    private static Target Star(int position) => new() { Value = new ColumnReference { IsStar = true, Position = position }, Position = position };

    /// <summary>WITH before, or ORDER BY and LIMIT behind a query in parentheses: they are around it.</summary>
    private static SelectQuery Wrapped(in ParseContext context, int start, Query inner, in QueryTail tail) => new()
    {
        Targets = [Star(start)],
        From = [new SubquerySource { Query = inner, Position = inner.Position, End = inner.End }],
        With = tail.With,
        OrderBy = tail.OrderBy,
        Limit = tail.Limit,
        Offset = tail.Offset,
        HasTies = tail.HasTies,
        Locks = tail.Locks,
        Into = tail.Into,
        Position = start,
        End = context.PreviousEnd,
    };

    private static bool AtSetOperator(in ParseContext context) =>
        context.At(Word.Union) || context.At(Word.Except) || context.At(Word.Intersect);

    private static bool TryAcceptOperator(ref ParseContext context, bool isIntersect, out SetOperator kind, out bool isAll)
    {
        kind = SetOperator.Union;
        isAll = false;
        if (isIntersect != context.At(Word.Intersect) || !AtSetOperator(context)) return false;
        kind = isIntersect ? SetOperator.Intersect : context.At(Word.Except) ? SetOperator.Except : SetOperator.Union;
        context.Next();
        isAll = context.Accept(Word.All);
        if (!isAll) context.Accept(Word.Distinct);
        return true;
    }
}
