using Proxy.Core.Catalogue;

namespace Proxy.Tests.Support.MySql;

/// <summary>Classifies columns by their names: those named are PHI of one kind, all others are none.</summary>
internal sealed class NamedColumns(IReadOnlyDictionary<string, IdentifierClass> phi) : IColumnClassifier
{
    public IdentifierClass Classify(string schema, string table, string column, string typeName) =>
        schema is "information_schema" or "mysql" or "performance_schema" or "sys" ? IdentifierClass.Unreviewed : phi.GetValueOrDefault(column, IdentifierClass.NotPhi);
}
