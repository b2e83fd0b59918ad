using Proxy.Core.Sql;

namespace Proxy.Core.Catalogue;

/// <summary>
/// Whether one statement means the same under a snapshot as under an earlier one of the same database, of which only the version is known: what has
/// changed since carries a later one. When in doubt, it does not.
/// </summary>
internal sealed class SnapshotComparison(CatalogueSnapshot now, long since)
{
    public bool IsSameFor(StatementReading reading)
    {
        if (now.Version == since)
            return true;
        // What a name stands for is another statement.
        if (reading.RunsNamed || since <= 0 || now.CodeStamp > since)
            return false;
        foreach (var mention in reading.Relations)
            if (!AreSame(mention.Name))
                return false;
        foreach (var function in reading.Functions)
            if (!IsSameFunction(function))
                return false;
        foreach (var symbol in reading.Operators)
            if (!now.Changes.KeptCode(symbol.Name, since))
                return false;
        foreach (var type in reading.Types)
            if (!now.Changes.KeptCode(type.Name, since))
                return false;
        // What kind of type a number stands for is not kept by number.
        foreach (var type in reading.ParameterTypes)
            if (type >= HiddenCode.FirstOfUsers)
                return false;
        // (value).name can be a function or a type, and row.name a function.
        foreach (var name in reading.Attributes)
            if (!IsSameFunction(new QualifiedName(null, name)))
                return false;
        return true;
    }

    private bool AreSame(QualifiedName name)
    {
        if (!now.Changes.KeptRelations(name.Name, since))
            return false;
        foreach (var relation in now.Candidates(name))
            if (relation.Stamp > since)
                return false;
        return true;
    }

    /// <summary>A function of people may read anything, whatever its body was compared with.</summary>
    private bool IsSameFunction(QualifiedName name) => now.FunctionsNamed(name).IsEmpty && now.Changes.KeptCode(name.Name, since);
}
