using Proxy.Core.Sql;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Tests.Core.Sql.MySql.Corpus;

/// <summary>The columns of a query's answer by our tree. Those of relations the server is asked for; null where it does not know one.</summary>
internal sealed class ColumnNames(IReadOnlyDictionary<QualifiedName, List<string>> relations)
{
    private readonly Stack<(string Name, List<string>? Columns)> _common = new();

    public List<string>? Of(Query query)
    {
        var known = _common.Count;
        foreach (var table in query.With?.Tables ?? [])
        {
            List<string>? columns = table.ColumnNames.IsEmpty ? null : [.. table.ColumnNames];
            if (columns is null && table.Body is QueryStatement { Query: SetOperationQuery { Left: var first } } && query.With!.IsRecursive)
                columns = Of(first);
            _common.Push((table.Name, columns ?? (table.Body is QueryStatement body ? Of(body.Query) : null)));
        }
        var names = query switch
        {
            SelectQuery select => Of(select),
            SetOperationQuery operation => Of(operation.Left),
            ValuesQuery values => [.. values.Rows[0].Select(static value => (value as Literal)?.Value ?? "?")],
            _ => null,
        };
        while (_common.Count > known)
            _common.Pop();
        return names;
    }

    private List<string>? Of(SelectQuery select)
    {
        var names = new List<string>();
        foreach (var target in select.Targets)
        {
            if (target.Value is not ColumnReference { IsStar: true } star)
            {
                names.Add(target.Alias ?? target.DefaultName ?? ((ColumnReference)target.Value).Parts[^1]);
                continue;
            }
            foreach (var source in select.From)
            {
                if ((star.Parts.IsEmpty ? Of(source) : OfNamed(source, star.Parts[^1])) is not { } columns)
                    return null;
                names.AddRange(columns);
            }
        }
        return names;
    }

    private List<string>? Of(Source source) => source switch
    {
        TableSource table => OfTable(table),
        SubquerySource derived => derived.ColumnAliases.IsEmpty ? Of(derived.Query) : [.. derived.ColumnAliases],
        TableFunctionSource function => [.. function.Columns],
        JoinSource join => OfJoin(join),
        _ => null,
    };

    private List<string>? OfTable(TableSource table)
    {
        if (table.Name.Schema is null && _common.FirstOrDefault(entry => entry.Name == table.Name.Name) is { Name: not null } common)
            return common.Columns;
        return relations.GetValueOrDefault(table.Name);
    }

    /// <summary>Columns of the same name are one in NATURAL and USING, and stand first; one that is invisible at the left stands nowhere.</summary>
    private List<string>? OfJoin(JoinSource join)
    {
        if (Of(join.Left) is not { } left || Of(join.Right) is not { } right)
            return null;
        if (join.Kind is JoinKind.Right)
            (left, right) = (right, left);
        var shared = join.IsNatural ? left.Intersect(right, StringComparer.OrdinalIgnoreCase).ToList() : join.Using.Where(name => Has(left, name)).ToList();
        return [.. shared, .. left.Where(name => !Has(shared, name)), .. right.Where(name => !Has(shared, name))];
    }

    private static bool Has(List<string> names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>name.*: empty where the name is another's.</summary>
    private List<string>? OfNamed(Source source, string name) => source switch
    {
        JoinSource join => OfNamed(join.Left, name) is { } left && OfNamed(join.Right, name) is { } right ? [.. left, .. right] : null,
        TableSource { Alias: null } table when table.Name.Name == name => OfTable(table),
        { Alias: { } alias } when alias == name => Of(source),
        _ => [],
    };
}
