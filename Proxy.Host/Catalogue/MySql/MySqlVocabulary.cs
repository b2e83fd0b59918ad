using System.Collections.Immutable;

namespace Proxy.Host.Catalogue.MySql;

/// <summary>The operators and types of the language, which nobody can redefine: none runs code of a user.</summary>
internal static class MySqlVocabulary
{
    public static readonly ImmutableArray<string> Operators =
    [
        "=", "<=>", "<>", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "div", "%", "mod", "&", "|", "^", "<<", ">>", "~", "!", "like", "not like", "regexp", "not regexp", "rlike",
        "member of", "xor", "and", "or", "not", "&&", "||", "in", "not in", "between", "BETWEEN", "not between", "sounds like", "is", "is not", "binary", "collate", "->", "->>", ":=",
    ];

    public static readonly ImmutableArray<string> Types =
    [
        "tinyint", "smallint", "mediumint", "int", "integer", "bigint", "signed", "unsigned", "decimal", "dec", "numeric", "fixed", "float", "double", "real", "bit", "bool", "boolean", "serial",
        "date", "time", "datetime", "timestamp", "year", "char", "character", "nchar", "varchar", "nvarchar", "varchar2", "binary", "varbinary", "raw", "tinytext", "text", "mediumtext",
        "longtext", "long", "clob", "tinyblob", "blob", "mediumblob", "longblob", "enum", "set", "json", "uuid", "inet4", "inet6", "number", "geometry", "point", "linestring", "polygon",
        "multipoint", "multilinestring", "multipolygon", "geometrycollection", "geomcollection", "interval", "national",
    ];
}
