using System.Collections.Frozen;
using Proxy.Core.Masking.Errors;
using Proxy.Core.Policy;

namespace Proxy.Core.Masking.MySql;

/// <summary>
/// Which errors and warnings of MySQL and MariaDB pass as they are, by their numbers. Many print values: a duplicate key its value (1062), a conversion
/// what it could not convert (1292, 1366), XPath what it found (1105).
/// </summary>
public static class MySqlErrors
{
    /// <summary>
    /// About the client's own text, the catalogue or the state of the session: they print what the text says and names, never a row.
    /// </summary>
    private static readonly FrozenSet<ushort> WithoutValues = new ushort[]
    {
        1044, 1045, 1046, 1047, 1049, 1050, 1051, 1052, 1054, 1055, 1056, 1058, 1059, 1060, 1061, 1063, 1064, 1065, 1066, 1067, 1068, 1069, 1071, 1072, 1075, 1091, 1093, 1095,
        1096, 1099, 1100, 1101, 1103, 1104, 1106, 1107, 1109, 1110, 1111, 1112, 1113, 1115, 1116, 1118, 1120, 1121, 1122, 1128, 1129, 1130, 1132, 1136, 1139, 1140, 1141, 1142,
        1143, 1144, 1146, 1147, 1148, 1149, 1153, 1161, 1162, 1163, 1164, 1166, 1167, 1168, 1170, 1171, 1176, 1177, 1178, 1179, 1180, 1191, 1192, 1193, 1196, 1203, 1204, 1205,
        1206, 1207, 1210, 1213, 1214, 1216, 1217, 1221, 1222, 1223, 1226, 1227, 1229, 1230, 1231, 1232, 1233, 1234, 1235, 1236, 1237, 1238, 1239, 1241, 1242, 1243, 1247, 1248,
        1249, 1250, 1251, 1253, 1267, 1270, 1271, 1272, 1273, 1274, 1286, 1289, 1290, 1295, 1305, 1312, 1317, 1318, 1319, 1327, 1336, 1337, 1338, 1345, 1346, 1347, 1348, 1349,
        1350, 1351, 1352, 1353, 1356, 1363, 1370, 1383, 1384, 1390, 1393, 1394, 1395, 1396, 1397, 1399, 1415, 1419, 1422, 1436, 1451, 1452, 1460, 1461, 1471, 1475, 1503, 1506,
        1568, 1579, 1582, 1583, 1584, 1591, 1615, 1630, 1701, 1735, 1746, 1747, 1748, 1792, 1845, 1846, 1880, 1906, 1969, 3024, 3065, 3572, 4001, 4002, 4003, 4004, 4005,
        4006, 4008, 4009, 4011, 4012, 4013, 4078, 4079,
    }.ToFrozenSet();

    /// <summary>What to do with an error or warning of this number while a statement with this assessment runs.</summary>
    public static ErrorTreatment Judge(RiskAssessment assessment, ushort number)
    {
        if (!assessment.TouchesPhi)
            return ErrorTreatment.Verbatim;
        // SIGNAL in a trigger or routine gives itself any number and any text; so do the statements that such code prepares.
        return assessment.OriginsAreTrusted && !assessment.Has(RiskClasses.Procedure | RiskClasses.Unknown) && WithoutValues.Contains(number)
            ? ErrorTreatment.Verbatim
            : ErrorTreatment.Scrub;
    }
}
