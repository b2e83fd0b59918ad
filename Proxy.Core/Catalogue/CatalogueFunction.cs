using System.Collections.Immutable;

namespace Proxy.Core.Catalogue;

/// <summary>A function, procedure, aggregate or window function that the server did not bring with it.</summary>
public sealed record CatalogueFunction
{
    /// <summary>A longer body is not kept, and the function is then one whose body nobody can read.</summary>
    public const int BodyCharsMax = 64 * 1024;

    public required uint Oid { get; init; }
    public required string Schema { get; init; }
    public required string Name { get; init; }

    /// <summary>As in pg_language: sql, plpgsql, c.</summary>
    public required string Language { get; init; }
    public required FunctionKind Kind { get; init; }

    /// <summary>
    /// The source, or for a body in the standard's form (BEGIN ATOMIC, RETURN) what the server prints of it under a search path of pg_catalog
    /// alone: <see cref="IsStandardBody"/>. Null for a body that is too long or could not be had, and for languages that have none.
    /// </summary>
    public string? Body { get; init; }

    /// <summary>
    /// Whether names in the body were resolved when the function was made, so that an unqualified name in <see cref="Body"/> is one of pg_catalog.
    /// Any other body is read anew at each call, under the search path of that call or of <see cref="Settings"/>.
    /// </summary>
    public bool IsStandardBody { get; init; }

    /// <summary>
    /// SHA-256, in lower-case hexadecimal, over everything that decides what a call does: language, kind, arguments, result, attributes, settings and
    /// body. Null when the body could not be had. This is what a person writes who declares the function.
    /// </summary>
    public string? BodyHash { get; init; }

    /// <summary>All of pg_proc's, in order: what callers give and what the result has.</summary>
    public ImmutableArray<FunctionArgument> Arguments { get; init; } = [];

    /// <summary>How many of the given arguments, counted from the end, have defaults.</summary>
    public int DefaultCount { get; init; }

    /// <summary>pg_proc.prorettype: 2249 is record, 2278 void, 2279 trigger.</summary>
    public required uint ResultTypeOid { get; init; }

    /// <summary>Whether a call is a set of rows.</summary>
    public bool ReturnsSet { get; init; }
    public bool IsStrict { get; init; }
    public FunctionVolatility Volatility { get; init; }
    public bool IsSecurityDefiner { get; init; }

    /// <summary>The settings in force while it runs, "name=value".</summary>
    public ImmutableArray<string> Settings { get; init; } = [];

    /// <summary>The extension that it belongs to, or null.</summary>
    public string? Extension { get; init; }

    /// <summary>
    /// What is known without reading the body: <see cref="FunctionReview.Clean"/> for reviewed extensions, else what a person declared of exactly this
    /// body, else <see cref="FunctionReview.None"/>.
    /// </summary>
    public FunctionReview Review { get; init; }

    /// <summary>The OUT, INOUT and TABLE arguments: the columns of the result where it has columns of its own.</summary>
    public IEnumerable<FunctionArgument> ResultColumns => Arguments.Where(static argument => argument.IsOutput);

    /// <summary>Never the body: it can hold literals.</summary>
    public override string ToString() => $"{Schema}.{Name}({string.Join(", ", Arguments.Where(static argument => argument.IsInput).Select(static argument => argument.TypeName))})";
}
