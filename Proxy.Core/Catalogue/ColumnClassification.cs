using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Proxy.Core.Catalogue;

/// <summary>
/// What a person has said about the columns of a target: matchers in order, the first that matches counts. A column that none matches is
/// unreviewed, and masked. A file cut short therefore only ever leaves more columns masked. And about functions, each by the hash of its body.
/// </summary>
public sealed class ColumnClassification : IColumnClassifier
{
    // The first exact matcher of a name, and its place among all of them: exact names are most of a large file, patterns are few.
    private readonly FrozenDictionary<(string Schema, string Relation, string Column), int> _exact;
    private readonly ImmutableArray<int> _others;

    // Overloads, and the bodies before and after a change that is being rolled out, are declared side by side, each by its own hash.
    private readonly FrozenDictionary<(string Schema, string Name, string BodyHash), FunctionReview> _functions;

    private readonly FrozenDictionary<(string Schema, string Relation, string Column), string> _subjects;

    public ColumnClassification(
        ImmutableArray<ColumnMatcher> matchers, ImmutableArray<FunctionDeclaration> functions = default, ImmutableArray<SubjectKey> subjects = default)
    {
        Matchers = matchers;
        Subjects = subjects.IsDefault ? [] : subjects;
        _subjects = Subjects.ToFrozenDictionary(subject => (subject.Schema, subject.Relation, subject.Column), subject => subject.Kind);
        Functions = functions.IsDefault ? [] : functions;
        _functions = Functions.ToFrozenDictionary(function => (function.Schema, function.Name, function.BodyHash), function => function.Review);
        var exact = new Dictionary<(string, string, string), int>();
        var others = ImmutableArray.CreateBuilder<int>();
        for (var i = 0; i < matchers.Length; i++)
        {
            if (matchers[i].IsExact)
                exact.TryAdd((matchers[i].Schema!.Text, matchers[i].Relation!.Text, matchers[i].Column!.Text), i);
            else
                others.Add(i);
        }
        _exact = exact.ToFrozenDictionary();
        _others = others.ToImmutable();
    }

    /// <summary>Nothing reviewed: every column masked.</summary>
    public static ColumnClassification Nothing { get; } = new([]);

    public ImmutableArray<ColumnMatcher> Matchers { get; }

    public ImmutableArray<FunctionDeclaration> Functions { get; }

    /// <summary>Whose rows they are; each column once.</summary>
    public ImmutableArray<SubjectKey> Subjects { get; }

    /// <summary>The matcher that decides about the column; null when nobody has reviewed it.</summary>
    public ColumnMatcher? MatcherFor(string schema, string relation, string column, string type)
    {
        var first = _exact.TryGetValue((schema, relation, column), out var exact) ? exact : int.MaxValue;
        foreach (var i in _others)
        {
            if (i > first)
                break;
            if (Matchers[i].IsMatch(schema, relation, column, type))
                return Matchers[i];
        }
        return first == int.MaxValue ? null : Matchers[first];
    }

    public IdentifierClass Classify(string schema, string table, string column, string typeName) =>
        MatcherFor(schema, table, column, typeName)?.Class ?? IdentifierClass.Unreviewed;

    public string? SubjectOf(string schema, string table, string column) => _subjects.GetValueOrDefault((schema, table, column));

    public FunctionReview ReviewOf(string schema, string name, string bodyHash) =>
        _functions.GetValueOrDefault((schema, name, bodyHash));
}
