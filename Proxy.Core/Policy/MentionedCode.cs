using Proxy.Core.Catalogue;
using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>What the functions, operators and types that a statement names can do.</summary>
internal sealed class MentionedCode
{
    private readonly CatalogueSnapshot _catalogue;

    public MentionedCode(StatementReading reading, CatalogueSnapshot catalogue)
    {
        _catalogue = catalogue;
        foreach (var function in reading.Functions)
            AddFunction(function, reading);
        foreach (var symbol in reading.Operators)
            if (!catalogue.IsOperatorReviewed(symbol))
                AddUnreviewed($"operator {symbol} is not reviewed");
        foreach (var type in reading.Types)
            if (!catalogue.IsTypeReviewed(type))
            {
                NamesUnknown |= !catalogue.IsType(type.Name);
                MayRunWhenParsed |= catalogue.IsType(type.Name);
                AddUnreviewed($"type {type} is not reviewed");
            }
        AddAttributeFunctions(reading);
        AddHidden(reading);
    }

    public List<string> Findings { get; } = [];

    /// <summary>Whether all of it computes from its arguments alone, and prints nothing else.</summary>
    public bool IsClean { get; private set; } = true;

    /// <summary>Whether code may run that nobody reviewed.</summary>
    public bool RunsUnreviewed { get; private set; }

    /// <summary>Whether a function or type is named that the catalogue does not have: a mistake, or newer than the catalogue.</summary>
    public bool NamesUnknown { get; private set; }

    /// <summary>Whether a function is called whose body was read: what it returns, lineage has to say.</summary>
    public bool NeedsLineage { get; private set; }

    /// <summary>Whether reading what it names runs such code: then no column need hold what its origin says.</summary>
    public bool RunsUnreviewedWhenRead { get; private set; }

    /// <summary>Whether such code may run in an odd way (a whole row that is read from a literal), so that errors are not to be trusted.</summary>
    public bool MayRunUnreviewed { get; private set; }

    /// <summary>
    /// Whether such code may run when the server only parses the statement: a literal of an array, a composite or a range is read then, with the checks of
    /// domains inside.
    /// </summary>
    public bool MayRunWhenParsed { get; private set; }

    /// <summary>Whether a function of the server may run that is not on the list: files, processes, replication, queries given as text.</summary>
    public bool RunsServerInternals { get; private set; }

    /// <summary>Whether a function may carry its arguments to where others see them.</summary>
    public bool Signals { get; private set; }

    /// <summary>Whether a function reads a relation's next number, and so writes.</summary>
    public bool Writes { get; private set; }

    /// <summary>What runs although the text does not name it.</summary>
    private void AddHidden(StatementReading reading)
    {
        foreach (var type in reading.ParameterTypes)
            if (!_catalogue.IsTypeReviewed(type))
            {
                MayRunWhenParsed = true;
                AddUnreviewed("a parameter has a type that is not reviewed");
            }
        if (_catalogue.HasUnreviewedCasts && HasExpressions(reading.Kind))
            AddUnreviewed("this database has implicit casts that are not reviewed");
        foreach (var mention in reading.Relations)
            foreach (var relation in _catalogue.Candidates(mention.Name))
            {
                MayRunWhenParsed |= relation.RunsUnreviewedCodeWhenRead || relation.HasUnreviewedTypes;
                if (relation.RunsUnreviewedCodeWhenRead)
                {
                    RunsUnreviewedWhenRead = true;
                    AddUnreviewed($"reading {relation} runs code that is not reviewed");
                }
                else if (relation.HasUnreviewedTypes && MakesRows(reading))
                    AddUnreviewed($"making a row of {relation} runs code that is not reviewed");
                else if (relation.HasUnreviewedTypes)
                {
                    MayRunUnreviewed = true;
                    IsClean = false;
                }
            }
    }

    private static bool MakesRows(StatementReading reading)
    {
        foreach (var function in reading.Functions)
            if (function.Name is "json_populate_record" or "jsonb_populate_record" or "json_populate_recordset" or "jsonb_populate_recordset")
                return true;
        return false;
    }

    private static bool HasExpressions(StatementKind kind) => kind
        is not (StatementKind.Empty or StatementKind.ShowSetting or StatementKind.Deallocate or StatementKind.CloseCursor or StatementKind.Discard
            or StatementKind.Begin or StatementKind.Commit or StatementKind.Rollback or StatementKind.Savepoint or StatementKind.ReleaseSavepoint
            or StatementKind.RollbackToSavepoint or StatementKind.SetSetting or StatementKind.ResetSetting or StatementKind.SetTransaction
            or StatementKind.Listen or StatementKind.Unlisten or StatementKind.Notify or StatementKind.Fetch);

    private void AddFunction(QualifiedName function, StatementReading reading)
    {
        switch (_catalogue.ReviewOf(function))
        {
            case FunctionReview.Shown:
            case FunctionReview.Clean:
            case FunctionReview.Prints:
                Writes |= function.Name == "nextval";
                break;
            case FunctionReview.Signals:
                Signals = true;
                Writes |= function.Name == "setval";
                break;
            case FunctionReview.Setting:
                IsClean &= NamesOnlyKnownSettings(reading, isChange: function.Name == "set_config");
                break;
            case FunctionReview.Masked:
                IsClean = false;
                break;
            case FunctionReview.None when !_catalogue.BodiesOf(function).IsDefaultOrEmpty:
                NeedsLineage = true;
                IsClean = false;
                break;
            case FunctionReview.None:
            default:
                if (function.Schema is null or "pg_catalog" && _catalogue.IsSystemFunction(function.Name) && !_catalogue.HasUnreviewedFunction(function.Name))
                {
                    RunsServerInternals = true;
                    IsClean = false;
                    Findings.Add($"function {function} is not on the list");
                }
                else
                {
                    NamesUnknown |= !_catalogue.IsFunction(function.Name);
                    MayRunWhenParsed |= _catalogue.RunsCodeInLiterals;
                    AddUnreviewed($"function {function} is not reviewed");
                }
                break;
        }
    }

    /// <summary>
    /// <c>row.name</c> calls the function <c>name(row)</c> when the row has no such column. <c>(value).name</c> calls <c>name(value)</c> or casts
    /// to the type <c>name</c>, whatever the value's type, so there every function and type of that name counts as mentioned.
    /// </summary>
    private void AddAttributeFunctions(StatementReading reading)
    {
        foreach (var name in reading.Fields)
        {
            if (_catalogue.IsFunction(name))
                AddFunction(new QualifiedName(null, name), reading);
            if (_catalogue.IsType(name) && !_catalogue.IsTypeReviewed(new QualifiedName(null, name)))
            {
                MayRunWhenParsed = true;
                AddUnreviewed($"type {name} is not reviewed");
            }
        }
        foreach (var name in reading.Attributes)
        {
            if (IsColumnOfEveryMention(name, reading))
                continue;
            if (!_catalogue.BodiesOf(new QualifiedName(null, name)).IsDefaultOrEmpty)
                AddFunction(new QualifiedName(null, name), reading);
            else if (_catalogue.IsAttributeFunction(name))
                AddUnreviewed($"{name} may call the function of that name");
            else if (_catalogue.TakesRow(name))
                AddFunction(new QualifiedName(null, name), reading);
        }
    }

    private bool IsColumnOfEveryMention(string column, StatementReading reading)
    {
        foreach (var mention in reading.Relations)
            foreach (var relation in _catalogue.Candidates(mention.Name))
                if (relation.Column(column) is null)
                    return false;
        return true;
    }

    /// <summary>Whether the reader named a setting for the call, and all that it named are the server's own.</summary>
    private static bool NamesOnlyKnownSettings(StatementReading reading, bool isChange)
    {
        var isNamed = false;
        foreach (var setting in reading.Settings)
        {
            if (setting.IsChanged != isChange)
                continue;
            if (!setting.IsLiteral || !SettingRules.IsShown(setting.Name))
                return false;
            isNamed = true;
        }
        return isNamed;
    }

    private void AddUnreviewed(string finding)
    {
        RunsUnreviewed = true;
        IsClean = false;
        Findings.Add(finding);
    }
}
