using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using NUnit.Framework;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Tests.Core.Sql.Lineage;

/// <summary>Trees made by reflection that hold a mark in one property of one node and are plain everywhere else.</summary>
internal static class SyntaxProbe
{
    public const string Mark = "the_mark";

    /// <summary>
    /// The node with a mark in the part, in a statement that it can stand in. Some parts are there only with another property: each that is an enumeration,
    /// a flag or optional is tried in turn, and in pairs.
    /// </summary>
    public static IEnumerable<Statement> Variants(Type node, PropertyInfo part)
    {
        var settings = node.GetProperties().Where(property => property != part && property.Name != nameof(SyntaxNode.Position))
            .SelectMany(property => Values(property).Select(value => (property, value))).ToList();
        yield return Embed(Make(node, part));
        foreach (var (property, value) in settings)
            yield return Embed(Make(node, part, (property, value)));
        foreach (var one in settings)
            foreach (var other in settings)
                if (one.property != other.property)
                    yield return Embed(Make(node, part, one, other));
    }

    /// <summary>What kind of node the property holds, directly or in lists; null when it holds none.</summary>
    public static Type? NodeOf(Type type) =>
        type.IsAssignableTo(typeof(SyntaxNode)) ? type
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) ? NodeOf(type.GetGenericArguments()[0])
        : null;

    /// <summary>Whether it can hold an expression at all: the option of a COPY cannot.</summary>
    public static bool HoldsNodes(Type node) => node.IsAbstract || node.GetProperties().Any(static property => NodeOf(property.PropertyType) is not null);

    private static IEnumerable<object?> Values(PropertyInfo property) =>
        property.PropertyType.IsEnum ? Enum.GetValues(property.PropertyType).Cast<object>()
        : property.PropertyType == typeof(bool) ? [true]
        : NodeOf(property.PropertyType) is not null || property.PropertyType == typeof(QualifiedName?) ? [Filled(property.PropertyType)]
        : [];

    private static SyntaxNode Make(Type type, PropertyInfo? part, params ReadOnlySpan<(PropertyInfo Property, object? Value)> settings)
    {
        var node = (SyntaxNode)Activator.CreateInstance(type)!;
        var nullability = new NullabilityInfoContext();
        foreach (var property in type.GetProperties())
        {
            var value = property.GetValue(node);
            var isMissing = value is QualifiedName { Name: null } || value is null ? nullability.Create(property).WriteState is NullabilityState.NotNull : value is IEnumerable && IsDefault(value);
            if (isMissing)
                property.SetValue(node, Filled(property.PropertyType));
        }
        foreach (var (property, value) in settings)
            property.SetValue(node, value);
        part?.SetValue(node, Marked(part.PropertyType));
        return node;
    }

    private static bool IsDefault(object value) => value.GetType() is { IsValueType: true } type && (bool)(type.GetProperty("IsDefault")?.GetValue(value) ?? false);

    private static object Filled(Type type) => Built(type, Plain);

    private static object Marked(Type type) => Built(type, WithMark);

    private static object Built(Type type, Func<Type, object> leaf)
    {
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(ImmutableArray<>))
            return leaf(Nullable.GetUnderlyingType(type) ?? type);
        var element = type.GetGenericArguments()[0];
        var items = Array.CreateInstance(element, 1);
        items.SetValue(Built(element, leaf), 0);
        return typeof(ImmutableArray).GetMethods()
            .First(static method => method.Name == nameof(ImmutableArray.Create) && method.GetParameters() is [{ ParameterType.IsArray: true }])
            .MakeGenericMethod(element).Invoke(null, [items])!;
    }

    private static object Plain(Type type)
    {
        if (type == typeof(string))
            return "x";
        if (type == typeof(QualifiedName))
            return new QualifiedName(null, "=");
        if (type == typeof(Expression))
            return new Literal { Kind = LiteralKind.Number, Value = "1" };
        if (type == typeof(Query))
            return new ValuesQuery { Rows = [[new Literal { Kind = LiteralKind.Number, Value = "1" }]] };
        if (type == typeof(Source) || type == typeof(TableSource))
            return new TableSource { Name = new QualifiedName(null, "departments") };
        if (type == typeof(Statement))
            return new QueryStatement { Query = (Query)Plain(typeof(Query)) };
        return type.IsEnum ? Enum.GetValues(type).GetValue(0)! : Make(type, null);
    }

    private static object WithMark(Type type)
    {
        if (type == typeof(Expression))
            return new OpaqueExpression { Because = Mark };
        if (type == typeof(Query))
            return new OpaqueQuery { Because = Mark };
        if (type == typeof(Source))
            return new OpaqueSource { Because = Mark };
        if (type == typeof(TableSource))
            return new TableSource { Name = new QualifiedName(null, Mark) };
        if (type == typeof(Statement))
            return new QueryStatement { Query = new OpaqueQuery { Because = Mark } };
        // A node of its own kind: the mark is in the first part that can hold one.
        return Make(type, type.GetProperties().First(static property => NodeOf(property.PropertyType) is not null));
    }

    private static Statement Embed(SyntaxNode node) => node switch
    {
        Statement statement => statement,
        Query query => new QueryStatement { Query = query },
        Source source => Select([One], source),
        Expression expression => Select([new Target { Value = expression }]),
        Target target => Select([target]),
        Window window => new QueryStatement { Query = new SelectQuery { Targets = [One], Windows = [window] } },
        WithClause with => new QueryStatement { Query = new SelectQuery { Targets = [One], With = with } },
        CommonTable table => Embed(new WithClause { Tables = [table] }),
        AppendedColumn column => Embed(new CommonTable { Name = "x", Body = new QueryStatement { Query = (Query)Plain(typeof(Query)) }, Appended = [column] }),
        ConditionalArm arm => Embed(new Conditional { Arms = [arm] }),
        Assignment assignment => new UpdateStatement { Target = (TableSource)Plain(typeof(TableSource)), Assignments = [assignment] },
        MergeArm arm => new MergeStatement
        {
            Target = (TableSource)Plain(typeof(TableSource)),
            Source = (Source)Plain(typeof(Source)),
            On = (Expression)Plain(typeof(Expression)),
            Arms = [arm],
        },
        ConflictClause conflict => new InsertStatement { Target = (TableSource)Plain(typeof(TableSource)), OnConflict = conflict },
        ForeignKeyClause key => new ConstrainStatement { Table = (TableSource)Plain(typeof(TableSource)), ForeignKeys = [key] },
        _ => throw new AssertionException($"{node.GetType().Name} is new: say here in which statement it can stand, so that lineage is seen to follow it"),
    };

    private static Target One => new() { Value = (Expression)Plain(typeof(Expression)) };

    private static QueryStatement Select(ImmutableArray<Target> targets, params ImmutableArray<Source> from) =>
        new() { Query = new SelectQuery { Targets = targets, From = from } };
}
