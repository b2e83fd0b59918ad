using Proxy.Core.Catalogue;

namespace Proxy.Tests.Core.Catalogue;

/// <summary>A classification as a list of "schema.table.column" with classes; "*" stands for every other column of a table.</summary>
internal sealed class SaidClasses(Dictionary<string, IdentifierClass> classes) : IColumnClassifier
{
    public IdentifierClass Classify(string schema, string table, string column, string typeName) =>
        classes.TryGetValue($"{schema}.{table}.{column}", out var said) || classes.TryGetValue($"{schema}.{table}.*", out said)
            ? said
            : IdentifierClass.Unreviewed;
}
