using System.Globalization;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Masking.Postgres;
using Proxy.Core.Sql;
using Proxy.Host.Catalogue;
using Proxy.Host.Configuration;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Configuration.Yaml;

namespace Proxy.Host.Checks;

/// <summary>
/// Compares a target with what the configuration says of it: rights that masking cannot survive, reviewed columns that do not exist, masks
/// that do not fit. What cannot be enforced is an error, so that the gateway does not start on it.
/// </summary>
public sealed class TargetChecker(TargetOptions target, ColumnClassification classification, YamlDocument gatewayDocument)
{
    private readonly List<ConfigurationError> _errors = [];
    private readonly List<ConfigurationError> _warnings = [];

    /// <param name="databases">The facts of each of the target's databases.</param>
    public CheckFindings Check(IReadOnlyDictionary<string, TargetFacts> databases)
    {
        foreach (var (database, facts) in databases)
        {
            CheckRights(database, facts);
            if (target.Protocol is WireProtocol.PostgreSql)
                CheckTypes(database, facts.Catalogue);
        }
        CheckExistence(databases);
        CheckFunctions(databases);
        return new CheckFindings([.. _errors.Distinct()], [.. _warnings.Distinct()]);
    }

    private void CheckRights(string database, TargetFacts facts)
    {
        foreach (var rights in facts.Rights)
            CheckRights(database, rights);
        foreach (var user in target.DatabaseUsers.Keys.Where(user => facts.Rights.All(rights => rights.User != user)))
            _errors.Add(gatewayDocument.ErrorAt(
                YamlDocument.PathOf("targets", target.Name, "database-users", user), $"target '{target.Name}' has no database user {user}"));
    }

    private void CheckRights(string database, ServerRights rights)
    {
        var user = gatewayDocument.ErrorAt(
            target.DatabaseUsers.ContainsKey(rights.User)
                ? YamlDocument.PathOf("targets", target.Name, "database-users", rights.User)
                : YamlDocument.PathOf("targets", target.Name, "database-user"),
            "");
        var beyond = string.Join(", ", rights.BeyondMasking());
        if (beyond.Length > 0)
        {
            var message = $"database user {rights.User} has rights that masking cannot survive: {beyond}";
            if (target.IAcceptAnOverprivilegedDatabaseUser)
                _warnings.Add(user with { Message = message });
            else
                _errors.Add(user with { Message = message + "; take them away, or write i-accept-an-overprivileged-database-user: true" });
        }
        var more = string.Join(", ", rights.WorthAWarning());
        if (more.Length > 0)
            _warnings.Add(user with { Message = $"database user {rights.User} has more rights than it needs in {database}: {more}" });
    }

    /// <summary>An exact name must exist in one of the target's databases, or somebody believes a column to be reviewed that is not.</summary>
    private void CheckExistence(IReadOnlyDictionary<string, TargetFacts> databases)
    {
        var relations = new HashSet<(string, string)>();
        var columns = new HashSet<(string, string, string)>();
        var isMySql = databases.Values.Any(static facts => facts.Catalogue.Dialect is SqlDialect.MySql);
        foreach (var facts in databases.Values)
            foreach (var (relation, column) in Columns(facts.Catalogue))
            {
                relations.Add((relation.Schema, relation.Name));
                columns.Add((relation.Schema, relation.Name, column.Name));
            }

        foreach (var subject in classification.Subjects)
            if (!columns.Contains((subject.Schema, subject.Relation, subject.Column)))
                _errors.Add(At(subject.Origin, $"there is no column {subject.Schema}.{subject.Relation}.{subject.Column} in target '{target.Name}'"));
        foreach (var matcher in classification.Matchers.Where(matcher => matcher.IsExact))
        {
            var (schema, table, column) = (matcher.Schema!.Text, matcher.Relation!.Text, matcher.Column!.Text);
            if (!relations.Contains((schema, table)))
                _errors.Add(At(matcher.Origin, $"there is no table {schema}.{table} in target '{target.Name}'"));
            // In MySQL a column is known by its name in lower case, and may be classified as it was declared.
            else if (!columns.Contains((schema, table, column)) && !(isMySql && columns.Contains((schema, table, column.ToLowerInvariant()))))
                _errors.Add(At(matcher.Origin, $"table {schema}.{table} of target '{target.Name}' has no column {column}"));
        }
    }

    /// <summary>
    /// A declaration is for one body. Another body is masked until somebody has read it, which is safe, hence a warning, with the hash that it has now;
    /// a name that does not exist is a mistake, as it is for a table.
    /// </summary>
    private void CheckFunctions(IReadOnlyDictionary<string, TargetFacts> databases)
    {
        foreach (var declared in classification.Functions.GroupBy(function => (function.Schema, function.Name)))
        {
            var (schema, name) = declared.Key;
            var overloads = databases.Values.SelectMany(facts => facts.Catalogue.Functions)
                .Where(function => function.Schema == schema && function.Name == name).ToList();
            foreach (var declaration in declared)
                if (overloads.Count == 0)
                    _errors.Add(At(declaration.Origin, $"there is no function {schema}.{name} in target '{target.Name}'"));
                else if (!overloads.Exists(function => function.BodyHash == declaration.BodyHash))
                    _warnings.Add(At(declaration.Origin, $"no function {schema}.{name} of target '{target.Name}' has this body"));
            foreach (var function in overloads.Where(function => declared.All(declaration => declaration.BodyHash != function.BodyHash)))
                _warnings.Add(At(declared.First().Origin, function.BodyHash is { } hash
                    ? $"function {function} of target '{target.Name}' is not reviewed, and so no call by that name is; it has sha256 {hash}"
                    : $"function {function} of target '{target.Name}' cannot be reviewed: it is an aggregate, or its body is too long or could not be read"));
        }
    }

    /// <summary>
    /// A type without a mask is shown as NULL, which a NOT NULL column must not be. Where somebody said that it is PHI, that is an error; where
    /// nobody said anything, a warning: the way out is a review.
    /// </summary>
    private void CheckTypes(string database, CatalogueFacts facts)
    {
        var types = new CatalogueTypes(facts.Types);
        foreach (var (relation, column) in Columns(facts))
        {
            if (!column.IsNotNull || relation.Schema is "pg_catalog" or "information_schema" or "pg_toast" || PostgresType.HasMask(column.TypeOid, column.TypeModifier, types))
                continue;
            var matcher = classification.MatcherFor(relation.Schema, relation.Name, column.Name, column.TypeName);
            if (matcher?.Class is IdentifierClass.NotPhi)
                continue;
            var message = $"{relation.Schema}.{relation.Name}.{column.Name} in {database} is NOT NULL and of type {column.TypeName}, "
                + "for which there is no mask: it would be shown as NULL";
            if (matcher is null)
                _warnings.Add(gatewayDocument.ErrorAtKey(YamlDocument.PathOf("targets", target.Name), message + "; nobody has reviewed it"));
            else
                _errors.Add(At(matcher.Origin, message));
        }
    }

    private static IEnumerable<(RelationFact Relation, ColumnFact Column)> Columns(CatalogueFacts facts)
    {
        var relations = facts.Relations.ToDictionary(relation => relation.Oid);
        foreach (var column in facts.Columns)
            if (relations.TryGetValue(column.RelationOid, out var relation))
                yield return (relation, column);
    }

    private static ConfigurationError At(string origin, string message)
    {
        var parts = origin.Split(':');
        return new ConfigurationError(
            parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture), message);
    }
}
