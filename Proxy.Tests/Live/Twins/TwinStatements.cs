namespace Proxy.Tests.Live.Twins;

/// <summary>Random queries over the twins' schema, the same for the same seed: joins along keys, and now and then PHI in any place.</summary>
internal sealed class TwinStatements(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<TwinTable> _from = [];

    public string Next()
    {
        _from.Clear();
        return _random.Next(12) switch
        {
            0 => $"with q as ({Plain()}) select * from q order by 1, 2 limit 20",
            1 => $"select * from ({Plain()}) q(x) order by {_random.Next(1, 3)} limit {_random.Next(1, 9)}",
            2 => SetOperation(),
            3 => Changed(),
            4 or 5 or 6 => Grouped(),
            _ => Plain(),
        };
    }

    private string Plain()
    {
        var from = From();
        var values = string.Join(", ", Enumerable.Range(0, _random.Next(2, 5)).Select(i => $"{Value(2)} as v{i}"));
        return $"select {values} from {from}{Where()}{Order()}";
    }

    private string Grouped()
    {
        var from = From();
        var key = Column(isPhi: OneIn(12));
        var values = string.Join(", ", Enumerable.Range(0, _random.Next(1, 4)).Select(i => $"{Aggregate()} as a{i}"));
        var having = OneIn(4) ? $" having {Pick("count(*) > 3", $"count({Column(OneIn(2))}) > 2", $"min({Column(OneIn(8))}) is not null")}" : "";
        return $"select {key} as k, {values} from {from}{Where()} group by {key}{having} order by {key}";
    }

    private string SetOperation()
    {
        var left = From();
        var leftValue = Column(OneIn(6));
        var leftWhere = Where();
        _from.Clear();
        var right = From();
        return $"select {leftValue}::text as v from {left}{leftWhere} {Pick("union all", "union", "intersect", "except")} select {Column(OneIn(6))}::text from {right}{Where()} order by 1";
    }

    private string Changed()
    {
        From(joins: 0);
        var table = _from[0];
        if (table.IsView)
        {
            _from.Clear();
            return Plain();
        }
        var target = $"{table.Name} {table.Alias}";
        return OneIn(2)
            ? $"update {target} set {Pick(table.Clean)} = {Column(OneIn(6))}{Where()} returning {Value(1)}, {Column(OneIn(2))}"
            : $"delete from {target}{Where()} returning {Value(1)}";
    }

    private string From(int joins = 3)
    {
        var first = Pick(TwinTable.All);
        _from.Add(first);
        var text = $"{first.Name} {first.Alias}";
        for (var i = _random.Next(joins + 1); i > 0; i--)
        {
            var edges = TwinTable.Keys.Where(key => _from.Exists(table => table.Alias == key.Left) != _from.Exists(table => table.Alias == key.Right)).ToArray();
            if (edges.Length == 0)
                break;
            var (left, leftColumn, right, rightColumn) = Pick(edges);
            var added = TwinTable.All.Single(table => table.Alias == (_from.Exists(known => known.Alias == left) ? right : left));
            _from.Add(added);
            text += $" {Pick("join", "left join", "right join", "full join")} {added.Name} {added.Alias} on {left}.{leftColumn} = {right}.{rightColumn}";
        }
        return text;
    }

    private string Where() => OneIn(3) ? "" : $" where {Condition()}{(OneIn(2) ? $" {Pick("and", "or")} {Condition()}" : "")}";

    private string Condition()
    {
        var clean = Column(isPhi: false);
        return _random.Next(14) switch
        {
            0 => $"{Column(isPhi: true)} is {Pick("", "not ")}null",
            1 => $"{clean} is not null",
            2 => $"{clean}::text like '%{_random.Next(10)}%'",
            3 => $"length({clean}::text) > {_random.Next(6)}",
            4 => $"exists (select 1 from claims x where x.amount > {_random.Next(9000)} and x.id = {_random.Next(800)})",
            5 => $"{clean} in (select {clean} from {Table(clean)})",
            6 => $"not {clean} is distinct from {clean}",
            7 when OneIn(2) => $"{Column(isPhi: true)}::text > '{(char)('a' + _random.Next(26))}'",
            7 => $"{Column(isPhi: true)}::text = '{_random.Next(100)}'",
            _ => $"{clean}::text {Pick("<", ">", "<>", "=")} '{Pick("A", "M", "1", "3-east", "500", "N", "paid")}'",
        };
    }

    private string Table(string column)
    {
        var alias = column[..column.IndexOf('.', StringComparison.Ordinal)];
        var table = _from.Find(known => known.Alias == alias)!;
        return $"{table.Name} {alias}";
    }

    private string Value(int depth)
    {
        var column = Column(isPhi: OneIn(2));
        if (depth == 0)
            return column;
        return _random.Next(20) switch
        {
            0 => $"upper({column}::text)",
            1 => $"length({column}::text)",
            2 => $"coalesce({column}::text, {Value(depth - 1)}::text, '-')",
            3 => $"case when {Condition()} then {Value(depth - 1)}::text else {Column(OneIn(3))}::text end",
            4 => $"{column} is null",
            5 => $"{column}::text || {Column(OneIn(3))}::text",
            6 => $"nullif({column}::text, '{_random.Next(9)}')",
            7 => $"{column}::text in ('{_random.Next(9)}', {Pick("null", "'A'", "'N'")})",
            8 => $"({Condition()}) or {Pick("null", "false", $"{column} is null")}",
            9 when !OneIn(3) => $"row_number() over (partition by {Column(OneIn(6))} order by {Order(_from)})",
            9 => $"lag({column}) over (order by {Order(_from)})",
            10 => $"json_build_object('a', {column}, 'b', {Value(depth - 1)})",
            11 => $"array[{column}::text, {Column(OneIn(2))}::text]",
            12 => $"(select max(x.{column[(column.IndexOf('.', StringComparison.Ordinal) + 1)..]}::text) from {Table(column).Split(' ')[0]} x)",
            13 => $"row_to_json({_from[0].Alias})",
            14 => $"greatest({column}::text, {Column(OneIn(2))}::text)",
            15 => $"substr({column}::text, {_random.Next(1, 4)}, {_random.Next(1, 4)})",
            _ => column,
        };
    }

    private string Aggregate()
    {
        var column = Column(isPhi: OneIn(2));
        return _random.Next(10) switch
        {
            0 => "count(*)",
            1 => $"count({column})",
            2 => $"count(distinct {column}::text)",
            3 => $"min({column}::text)",
            4 => $"array_agg({column} order by {Order(_from)})",
            5 => $"string_agg({column}::text, ',' order by {Order(_from)})",
            6 => $"bool_or({column} is null)",
            7 => $"count(*) filter (where {Condition()})",
            8 => $"sum(length({column}::text))",
            _ => $"max({column}::text)",
        };
    }

    private string Order() => OneIn(10) ? $" order by {Column(isPhi: true)}, {Order(_from)}" : $" order by {Order(_from)} limit {_random.Next(5, 60)}";

    private static string Order(List<TwinTable> from) => string.Join(", ", from.Select(static table => $"{table.Alias}.{table.Key}"));

    private string Column(bool isPhi)
    {
        var tables = isPhi ? _from.Where(static table => table.Phi.Length > 0).ToArray() : [.. _from];
        if (tables.Length == 0)
            return Column(isPhi: false);
        var chosen = Pick(tables);
        return $"{chosen.Alias}.{Pick(isPhi ? chosen.Phi : chosen.Clean)}";
    }

    private bool OneIn(int count) => _random.Next(count) == 0;

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
