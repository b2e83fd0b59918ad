namespace Proxy.Core.Catalogue;

/// <summary>What people (classification.yaml) say about the columns and functions of one target. Immutable and thread-safe.</summary>
public interface IColumnClassifier
{
    /// <summary>
    /// The class that a person gave this column, by name, pattern or type; <see cref="IdentifierClass.Unreviewed"/> when nobody said anything.
    /// Asked for system relations too: there an answer can only make the shipped classification stricter.
    /// </summary>
    /// <param name="typeName">As PostgreSQL's format_type prints it without modifier, such as <c>character varying</c> or <c>text[]</c>.</param>
    IdentifierClass Classify(string schema, string table, string column, string typeName);

    /// <summary>The kind of individuals whose key the column is, such as <c>patient</c>; null when nobody said so.</summary>
    string? SubjectOf(string schema, string table, string column) => null;

    /// <summary>What a person declared of a function with exactly this body; <see cref="FunctionReview.None"/> when nobody did.</summary>
    /// <param name="bodyHash">See <see cref="CatalogueFunction.BodyHash"/>.</param>
    FunctionReview ReviewOf(string schema, string name, string bodyHash) => FunctionReview.None;
}
