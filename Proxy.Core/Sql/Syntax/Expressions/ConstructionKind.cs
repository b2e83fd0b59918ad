namespace Proxy.Core.Sql.Syntax;

/// <summary>Forms of the grammar that make a value out of others.</summary>
public enum ConstructionKind : byte
{
    /// <summary>A form without a meaning of its own here: the value is some function of the arguments, which may fail.</summary>
    Other = 0,
    Row,
    Array,
    Coalesce,
    Greatest,
    Least,
    Collate,

    /// <summary>IS TRUE, IS NOT FALSE, IS UNKNOWN and their like.</summary>
    TruthTest,

    /// <summary>CURRENT_DATE, CURRENT_USER and their like: no arguments, or a precision.</summary>
    SessionValue,

    /// <summary>GROUPING(…): which columns are grouped, not their values.</summary>
    Grouping,
    Xml,
    Json,
}
